// SPDX-License-Identifier: MIT
import "kapok/style.css";
import { mount } from "kapok/runtime";
import counterUrl from "./counter.c";
import rocketUrl from "./rocket.c";

const toggle = document.querySelector("#toggle");
const root = document.querySelector("#counter");

let counter = await mount({ app: counterUrl, root });
toggle.disabled = false;
toggle.addEventListener("click", async () => {
  if (counter) {
    counter.unmount();
    counter = undefined;
    toggle.textContent = "Mount the counter";
  } else {
    counter = await mount({ app: counterUrl, root });
    toggle.textContent = "Unmount the counter";
  }
});

const rocket = await mount({ app: rocketUrl, root: document.querySelector("#rocket") });
const status = await rocket.exited;
document.querySelector("#rocket-status").textContent = `The program has ended with status ${status}.`;
