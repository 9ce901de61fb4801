// Says in the page what keeps its script from running. So it is a script of its own, and one that browsers run which
// know of no modules, or may load none here. The texts stand in the page.
/* global document, location, window */
(function () {
  function show(name, reason) {
    var texts = document.querySelectorAll('[data-obstacle]');
    for (var index = 0; index < texts.length; index += 1) {
      texts[index].hidden = texts[index].getAttribute('data-obstacle') !== name;
    }
    // Once the laboratory is drawn, none of this is there any more.
    var place = document.querySelector('[data-reason]');
    if (place && reason) place.textContent = reason;
  }

  function obstacle() {
    if (location.protocol === 'file:') return 'file';
    if (window.origin === 'null') return 'opaque';
    if (!('noModule' in document.createElement('script'))) return 'old';
    return undefined;
  }

  // Errors of scripts that do not arrive do not rise to the window, but pass it on their way down.
  window.addEventListener(
    'error',
    function (event) {
      var failed = event.target;
      if (failed && failed.tagName === 'SCRIPT') show(obstacle() || 'missing');
      else if (event.message) show('broken', event.message);
    },
    true,
  );

  var here = document.querySelector('[data-here]');
  if (here) here.href = location.href;
  if (obstacle()) show(obstacle());
})();
