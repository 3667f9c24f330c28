# SPDX-License-Identifier: MIT
# asyncio in Pyodide, for ./build.sh bench tasks.
import asyncio
import time

SWITCHES, SPAWNS, MESSAGES, SLEEPERS, NAPS = 5000, 5000, 5000, 10000, 100


async def yield_often(left):
    if left > 0:
        return await yield_often(left - 1)
    for _ in range(SWITCHES):
        await asyncio.sleep(0)


async def measure_switch(frames):
    start = time.perf_counter()
    await yield_often(frames - 2)  # sleep(0) is a frame too
    return (time.perf_counter() - start) * 1e9 / SWITCHES


async def empty():
    pass


async def measure_spawn():
    start = time.perf_counter()
    for _ in range(0, SPAWNS, 100):
        await asyncio.gather(*[asyncio.create_task(empty()) for _ in range(100)])
    return (time.perf_counter() - start) * 1e9 / SPAWNS


async def answer(there, back):
    for _ in range(MESSAGES // 2):
        await back.put(await there.get())


async def measure_channel():
    there, back = asyncio.Queue(1), asyncio.Queue(1)
    start = time.perf_counter()
    answering = asyncio.create_task(answer(there, back))
    for i in range(MESSAGES // 2):
        await there.put(i)
        await back.get()
    await answering
    return (time.perf_counter() - start) * 1e9 / MESSAGES


async def sleeping():
    return [asyncio.create_task(asyncio.sleep(3600)) for _ in range(SLEEPERS)]


async def cancel(tasks):
    start = time.perf_counter()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return (time.perf_counter() - start) * 1e3


async def measure_naps():
    times = []
    for _ in range(NAPS):
        start = time.perf_counter()
        await asyncio.sleep(0.001)
        times.append((time.perf_counter() - start) * 1e3)
    return times


async def compute(milliseconds):
    end = time.perf_counter() + milliseconds / 1e3
    work = 1
    while time.perf_counter() < end:
        for _ in range(500):
            work = work * 1664525 + 1013904223 & 0xFFFFFFFF
        await asyncio.sleep(0)
