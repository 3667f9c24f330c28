// SPDX-License-Identifier: MIT
// Which functions can never be on the stack while a fiber is suspended, so that Asyncify need not
// rewrite them. Asyncify must assume that any call through a pointer may suspend, which hits most of
// libc: printf calls a stream's functions through pointers. We know better, from who calls whom in the
// object files: libc's own pointers lead to libc's own functions, but for the callbacks listed here.
//
// A mistake here is silent corruption, so each doubt keeps a function out of the list.

// They call what the app has passed to them, or keep it for others that will.
const CALL_BACK = [
  ...["qsort", "qsort_r", "bsearch", "lsearch", "lfind", "tsearch", "tfind", "tdelete", "twalk", "tdestroy"],
  ...["ftw", "nftw", "scandir", "glob", "call_once", "pthread_once", "dl_iterate_phdr", "raise", "kill"],
  ...["atexit", "at_quick_exit", "__cxa_atexit", "__cxa_thread_atexit", "__cxa_thread_atexit_impl"],
  ...["exit", "quick_exit", "__funcs_on_exit", "__funcs_on_quick_exit", "__cxa_finalize"],
  ...["pthread_create", "pthread_exit", "thrd_create", "thrd_exit", "pthread_key_create", "tss_create"],
  ...["__pthread_tsd_run_dtors", "_pthread_cleanup_push", "_pthread_cleanup_pop", "pthread_atfork"],
];

// An app that uses one of these has put a function of its own behind pointers that all of the archive calls.
const HOOKS = ["fopencookie", "cJSON_InitHooks"];

// How the library names functions that never suspend; and those that only call another and use nothing of
// what it returns, which are called again when the fiber goes on.
const NOT_REWRITTEN = ["kp__nosuspend_", "kp__again_"];

/** @typedef {import('./object.mjs').ObjectFile} ObjectFile */
/** @typedef {import('./object.mjs').ObjectFunction} ObjectFunction */

/**
 * @param {{ app: ObjectFile[], library: ObjectFile[], foreign: ObjectFile[] }} objects the app's own, Kapok's,
 *   and those of libc and other libraries that know nothing of fibers
 * @returns {(name: string) => boolean} tells whether every function of this name is removable
 */
export function findRemovable({ app, library, foreign }) {
  const ours = [...app, ...library];
  const appNames = new Set(app.flatMap(namesIn));
  const ourNames = new Set(ours.flatMap(namesIn));
  const calls = new CallGraph([...ours, ...foreign]);
  const keep = new Set(
    namesOf([...leadingToCallbacks(calls, foreign), ...leadingToUs(calls, ours, foreign)]),
  );
  const hooked = ours.some((object) => object.undefined.some((name) => HOOKS.includes(name)));
  const candidates = new Set(hooked ? [] : foreign.flatMap(namesIn));

  return (name) =>
    NOT_REWRITTEN.some((start) => name.startsWith(start))
      ? !appNames.has(name)
      : candidates.has(name) && !ourNames.has(name) && !keep.has(name);
}

/**
 * What may be on the stack between one of CALL_BACK and the callback.
 * @param {CallGraph} calls
 * @param {ObjectFile[]} foreign
 */
function leadingToCallbacks(calls, foreign) {
  const entries = functionsOf(foreign).filter(({ names }) => names.some((name) => CALL_BACK.includes(name)));
  const indirect = calls.reverse(calls.all.filter(({ callsIndirectly }) => callsIndirectly));
  return [...calls.forward(entries)].filter((fn) => indirect.has(fn));
}

/**
 * What of libc calls a function that the app or the library has defined in the place of libc's, and that
 * may suspend: one that calls Asyncify, or through a pointer.
 * @param {CallGraph} calls
 * @param {ObjectFile[]} ours
 * @param {ObjectFile[]} foreign
 */
function leadingToUs(calls, ours, foreign) {
  const asyncify = ours
    .flatMap(({ imported }) => [...imported])
    .filter(([, module]) => module === "asyncify");
  const starts = new Set(asyncify.map(([name]) => name));
  const suspends = (/** @type {ObjectFunction} */ { callsIndirectly, uses }) =>
    callsIndirectly || uses.some((use) => typeof use === "string" && starts.has(use));
  const suspending = calls.reverse(calls.all.filter(suspends));
  const targets = functionsOf(ours).filter((fn) => suspending.has(fn));
  const reached = calls.reverse(targets);
  const addressed = foreign.flatMap((object) => object.addressed).flatMap((use) => calls.resolve(use));
  if (!addressed.some((fn) => reached.has(fn))) return reached;
  // Then a pointer of libc's may lead to it as well.
  const indirect = functionsOf(foreign).filter(({ callsIndirectly }) => callsIndirectly);
  return calls.reverse([...targets, ...indirect]);
}

/** Who uses whom. A name stands for every function of that name that is not static. */
class CallGraph {
  /** @param {ObjectFile[]} objects */
  constructor(objects) {
    this.all = functionsOf(objects);
    /** @type {Map<string, ObjectFunction[]>} */
    this.byName = new Map();
    /** @type {Map<ObjectFunction, ObjectFunction[]>} */
    this.users = new Map();
    for (const fn of this.all) if (!fn.local) for (const name of fn.names) append(this.byName, name, fn);
    for (const fn of this.all)
      for (const used of fn.uses.flatMap((use) => this.resolve(use))) append(this.users, used, fn);
  }
  /** @param {string | ObjectFunction} use */
  resolve(use) {
    return typeof use === "string" ? (this.byName.get(use) ?? []) : [use];
  }
  /** All that these use, and they themselves. @param {ObjectFunction[]} from */
  forward(from) {
    return closure(from, (fn) => fn.uses.flatMap((use) => this.resolve(use)));
  }
  /** All that use these, and they themselves. @param {ObjectFunction[]} from */
  reverse(from) {
    return closure(from, (fn) => this.users.get(fn) ?? []);
  }
}

/**
 * @param {ObjectFunction[]} from
 * @param {(fn: ObjectFunction) => ObjectFunction[]} next
 */
function closure(from, next) {
  const found = new Set(from);
  for (const fn of found) for (const other of next(fn)) found.add(other); // a Set visits what is added to it
  return found;
}

/**
 * @param {Map<string | ObjectFunction, ObjectFunction[]>} map
 * @param {string | ObjectFunction} key
 * @param {ObjectFunction} fn
 */
function append(map, key, fn) {
  const list = map.get(key);
  if (list) list.push(fn);
  else map.set(key, [fn]);
}

/** @param {ObjectFile[]} objects */
function functionsOf(objects) {
  return objects.flatMap(({ functions }) => functions);
}

/** @param {ObjectFunction[]} functions */
function namesOf(functions) {
  return functions.flatMap(({ names }) => names);
}

/** @param {ObjectFile} object */
function namesIn(object) {
  return namesOf(object.functions);
}
