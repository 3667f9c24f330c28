// SPDX-License-Identifier: MIT
import { html, render } from "lit";

render(html`<p>Hello, world</p>`, document.body);
