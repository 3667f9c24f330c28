// SPDX-License-Identifier: MIT
const text = document.createElement("p");
text.textContent = "Hello, world";
document.body.append(text);
