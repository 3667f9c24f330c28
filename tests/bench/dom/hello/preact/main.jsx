// SPDX-License-Identifier: MIT
import { render } from "preact";

render(<p>Hello, world</p>, document.body);
