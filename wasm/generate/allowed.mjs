// SPDX-License-Identifier: MIT
// What the browser side lets an app make and set: what the definitions use, and no more.

/**
 * @typedef {{tags: Set<string>, attributes: Set<string>, properties: Set<string>, styles: Set<string>,
 *   events: Set<string>}} Allowed
 */

/**
 * @param {import("./definitions.mjs").Model} model
 * @returns {Allowed}
 */
export function allowedNames(model) {
  const parts = model.controls.flatMap((control) => control.parts.flat());
  const props = [...model.common.props, ...model.controls.flatMap((control) => control.props)];
  const targets = props.flatMap((prop) => prop.targets);
  const inPlace = (/** @type {string} */ place) =>
    targets.filter((t) => t.place === place).map((t) => t.name);
  const events = [...model.common.events, ...model.controls.flatMap((control) => control.events)];
  return {
    tags: new Set(parts.map((part) => part.tag)),
    attributes: new Set([...inPlace("attribute"), ...parts.flatMap((part) => Object.keys(part.attributes))]),
    properties: new Set(inPlace("property")),
    styles: new Set(inPlace("style")),
    events: new Set(
      events.filter((event) => !event.core).map(({ name, dom }) => (name === dom ? name : `${name}=${dom}`)),
    ),
  };
}
