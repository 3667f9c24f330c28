// SPDX-License-Identifier: MIT
import { render } from "solid-js/web";

render(() => <p>Hello, world</p>, document.body);
