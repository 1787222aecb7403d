"use strict";
(function () {
  var MOST = 200;
  var table = document.getElementById("parts"), together = Number(table.dataset.together);
  var rows = Array.prototype.slice.call(table.querySelectorAll("a"));
  var find = document.getElementById("find"), kind = document.getElementById("kind");
  var hits = document.getElementById("hits"), count = document.getElementById("count"), said = count.textContent;
  var names = null, kinds = null, titles = null;
  function read() {
    if (names) { return; }
    var held = document.getElementById("index");
    var index = JSON.parse(held.textContent);
    held.textContent = "";
    names = index.names;
    kinds = index.kinds;
    titles = index.titles;
  }
  function leads(at) { return rows[Math.floor(at / together)].getAttribute("href") + "#" + names[at]; }
  function filter() {
    var words = find.value.toLowerCase(), wanted = kind.value, many = 0;
    hits.textContent = "";
    if (!words && !wanted) { count.textContent = said; return; }
    read();
    for (var at = 0; at < names.length; at++) {
      if (wanted && kinds[at].split(" ").indexOf(wanted) < 0) { continue; }
      if (words && names[at].toLowerCase().indexOf(words) < 0 && titles[at].toLowerCase().indexOf(words) < 0) { continue; }
      many++;
      if (many > MOST) { continue; }
      var item = document.createElement("li"), link = document.createElement("a"), number = document.createElement("span");
      number.className = "no";
      number.textContent = names[at] + " ";
      link.href = leads(at);
      link.append(number, titles[at]);
      item.append(link);
      hits.append(item);
    }
    count.textContent = many + " of " + names.length + " exhibits" + (many > MOST ? ", the first " + MOST + " listed" : "");
  }
  function go(name) {
    read();
    var at = names.indexOf(name);
    if (at >= 0) { location.href = leads(at); }
  }
  document.getElementById("tools").hidden = false;
  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && event.target !== find && event.target !== kind) { event.preventDefault(); find.focus(); }
  });
  if (location.hash) { go(location.hash.slice(1)); }
})();
