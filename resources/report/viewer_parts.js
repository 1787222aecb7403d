"use strict";
(function () {
  var rows = Array.prototype.slice.call(document.querySelectorAll("#parts tr[data-last]"));
  function key(name) { return name.length * 1e9 + Number(name.split("-")[1]); }
  function go(name) {
    var wanted = name.trim().toUpperCase();
    var row = rows.find(function (one) { return key(one.dataset.last) >= key(wanted); });
    if (row && /^[A-Z]+-\d+$/.test(wanted)) { location.href = row.querySelector("a").getAttribute("href") + "#" + wanted; }
  }
  var field = document.getElementById("go");
  document.getElementById("tools").hidden = false;
  field.addEventListener("change", function () { go(field.value); });
  if (location.hash) { go(location.hash.slice(1)); }
})();
