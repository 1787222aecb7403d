"use strict";
(function () {
  var find = document.getElementById("find"), kind = document.getElementById("kind");
  var all = Array.prototype.slice.call(document.querySelectorAll("article[id]"));
  var texts = all.map(function (one) { return one.textContent.toLowerCase(); });
  document.getElementById("tools").hidden = false;
  function shown() { return all.filter(function (one) { return !one.hidden; }); }
  function filter() {
    var words = find.value.toLowerCase();
    all.forEach(function (one, at) {
      one.hidden = texts[at].indexOf(words) < 0 || (kind.value !== "" && one.dataset.kind.split(" ").indexOf(kind.value) < 0);
      document.querySelector('nav a[href="#' + one.id + '"]').parentNode.hidden = one.hidden;
    });
    document.getElementById("count").textContent = shown().length + " of " + all.length + " exhibits";
  }
  find.addEventListener("input", filter);
  kind.addEventListener("change", filter);
  document.addEventListener("keydown", function (event) {
    if (event.target === find || event.target === kind) { return; }
    if (event.key === "/") { event.preventDefault(); find.focus(); }
    var step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
    var some = shown(), at = some.findIndex(function (one) { return "#" + one.id === location.hash; });
    var next = some[at + step];
    if (step && next) { location.hash = next.id; }
  });
})();
