// Language, dark mode, and what every script of a page uses.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const root = document.documentElement;
const redraws = [];
const lang = () => root.dataset.lang;
const pick = (pair) => (pair ? pair[lang() === "zh" ? 0 : 1] : "");
const say = (zh, en) => (lang() === "zh" ? zh : en);

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function show(form, value) {
  if (value === undefined || value === null || value === "") return "–";
  switch (form) {
    case "percent": case "share": return (100 * value).toFixed(1) + "%";
    case "float1": case "index": return value.toFixed(1);
    case "float2": return value.toFixed(2);
    case "int": case "rank": return value.toLocaleString("en-US");
    case "bool": return value ? say("是", "yes") : say("否", "no");
    case "kind": return pick(data.words.kind[value]) || value;
    default: return String(value);
  }
}

document.getElementById("language").addEventListener("click", (event) => {
  root.dataset.lang = lang() === "zh" ? "en" : "zh";
  root.lang = lang() === "zh" ? "zh-CN" : "en";
  event.currentTarget.setAttribute("aria-pressed", String(lang() === "en"));
  const head = document.querySelector("h1[data-zh]");
  if (head) document.title = head.dataset[lang()];
  redraws.forEach((draw) => draw());
});

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
const darkButton = document.getElementById("dark");
darkButton.setAttribute("aria-pressed", String(isDark()));
darkButton.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  darkButton.setAttribute("aria-pressed", String(isDark()));
});
