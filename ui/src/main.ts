import "./lib/styles/tokens.css";
import "./lib/styles/base.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { chooseHost } from "./lib/ipc";

const target = document.getElementById("app");
if (!target) throw new Error("the page has no #app");
mount(App, { target, props: { host: await chooseHost() } });
