// The way to the same page in the other language; and in the Chinese book, mdBook's own labels in Chinese.

const isChinese = document.documentElement.lang === "zh";

const other = document.createElement("a");
other.id = "other-language";
other.textContent = isChinese ? "English" : "中文";
other.lang = isChinese ? "en" : "zh";
other.href = location.pathname.replace(isChinese ? /\/zh\/(?!.*\/zh\/)/ : /\/en\/(?!.*\/en\/)/, `/${other.lang}/`);
document.querySelector(".right-buttons").append(other);

const LABELS = {
  "Auto": "自动",
  "Change theme": "更换主题",
  "Copy to clipboard": "复制",
  "Keyboard shortcuts": "快捷键",
  "Light": "浅色",
  "Next chapter": "下一页",
  "Page navigation": "翻页",
  "Previous chapter": "上一页",
  "Search (`/`)": "搜索（`/`）",
  "Search this book ...": "搜索本书……",
  "Table of contents": "目录",
  "Themes": "主题",
  "Toggle Searchbar": "显示或隐藏搜索框",
  "Toggle Table of Contents": "显示或隐藏目录",
};

function translate() {
  for (const name of ["title", "aria-label", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const label = LABELS[element.getAttribute(name)];
      if (label) element.setAttribute(name, label);
    }
  }
  for (const element of document.querySelectorAll("button.theme, .mdbook-help-title")) {
    element.textContent = LABELS[element.textContent] ?? element.textContent;
  }
}

function countInChinese(header) {
  const [, count] = header.textContent.match(/^(\d+|No) search result/) ?? [];
  if (count) header.textContent = count === "No" ? "没有找到" : `找到 ${count} 处`;
}

if (isChinese) {
  translate();
  const header = document.getElementById("mdbook-searchresults-header");
  new MutationObserver(() => countInChinese(header)).observe(header, { childList: true });
  // The index may have been loaded before this script.
  countInChinese(header);
}
