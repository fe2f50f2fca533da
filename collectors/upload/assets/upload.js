// What the pages add where scripts run: dropping a file, a progress bar with
// cancel, jumping between findings, checking again without leaving the page.
// Without it every form works as it is.
'use strict';
(function () {
  var said = document.querySelector('.said');
  function say(text) { if (said) { said.textContent = text; } }

  function uploads(form) {
    var input = form.querySelector('input[type=file]');
    var zone = form.querySelector('.drop');
    var box = form.querySelector('.sending');
    var bar = box.querySelector('progress');
    var sofar = box.querySelector('.sofar');
    var cancel = box.querySelector('.cancel');
    var button = form.querySelector('button[type=submit]');
    var request = null;

    ['dragenter', 'dragover'].forEach(function (name) {
      zone.addEventListener(name, function (e) { e.preventDefault(); zone.classList.add('over'); });
    });
    zone.addEventListener('dragleave', function () { zone.classList.remove('over'); });
    zone.addEventListener('drop', function (e) {
      e.preventDefault();
      zone.classList.remove('over');
      if (e.dataTransfer && e.dataTransfer.files.length) {
        input.files = e.dataTransfer.files;
        input.dispatchEvent(new Event('change', {bubbles: true}));
      }
    });
    form.addEventListener('submit', function (e) {
      e.preventDefault();
      request = new XMLHttpRequest();
      box.hidden = false;
      button.disabled = true;
      bar.value = 0;
      sofar.textContent = form.dataset.sending;
      say(form.dataset.sending);
      request.upload.addEventListener('progress', function (p) {
        if (p.lengthComputable) {
          bar.value = Math.round(100 * p.loaded / p.total);
          sofar.textContent = bar.value + '%';
        }
      });
      request.addEventListener('load', function () {
        if (show(request.responseText, request.responseURL) && request.status < 400) {
          history.pushState(null, '', request.responseURL);
        }
      });
      request.addEventListener('error', function () { end(form.dataset.failed); });
      request.addEventListener('abort', function () { end(form.dataset.cancelled); });
      request.open('POST', form.getAttribute('action'));
      request.send(new FormData(form));
    });
    cancel.addEventListener('click', function () { if (request) { request.abort(); } });
    function end(text) {
      button.disabled = false;
      sofar.textContent = text;
      cancel.blur();
      bar.value = 0;
      say(text);
      button.focus();
    }
  }

  // show puts the main part of an answer in place of this page's own.
  function show(text, address) {
    var next = new DOMParser().parseFromString(text, 'text/html');
    var main = next.querySelector('main');
    if (!main) { location.assign(address); return null; }
    document.querySelector('main').replaceWith(document.importNode(main, true));
    document.title = next.title;
    start();
    return document.querySelector('main');
  }

  function rechecks(form) {
    form.addEventListener('submit', function (e) {
      var button = e.submitter;
      if (!button || button.value !== 'check') { return; }
      e.preventDefault();
      var data = new FormData(form);
      data.append('action', 'check');
      button.disabled = true;
      fetch(form.getAttribute('action'), {method: 'POST', body: new URLSearchParams(data), credentials: 'same-origin'}).then(function (answer) {
        return answer.text().then(function (text) {
          var main = show(text, answer.url);
          var state = main && main.querySelector('#state');
          if (state) { state.focus(); say(state.querySelector('.status').textContent.trim()); }
        });
      }).catch(function () { button.disabled = false; say(form.dataset.failed); });
    });
  }

  // n and p go to the next and the last finding; not while somebody writes.
  document.addEventListener('keydown', function (e) {
    if (e.ctrlKey || e.altKey || e.metaKey || e.key !== 'n' && e.key !== 'p') { return; }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && !/^(radio|checkbox)$/.test(e.target.type)) { return; }
    var all = Array.prototype.slice.call(document.querySelectorAll('.finding'));
    if (!all.length) { return; }
    var at = -1;
    all.forEach(function (x, i) { if (x.contains(document.activeElement)) { at = i; } });
    at = e.key === 'n' ? (at + 1) % all.length : (at <= 0 ? all.length : at) - 1;
    all[at].focus();
    all[at].scrollIntoView({block: 'center'});
    e.preventDefault();
  });

  // 本期无变化 and a new value exclude each other.
  function steady(box) {
    var value = box.closest('.entry').querySelector('.value input');
    function set() { value.disabled = box.checked; if (box.checked) { value.value = ''; } }
    box.addEventListener('change', set);
    set();
  }

  function start() {
    document.querySelectorAll('form[data-upload]').forEach(uploads);
    document.querySelectorAll('form[data-recheck]').forEach(rechecks);
    document.querySelectorAll('.same input').forEach(steady);
    document.querySelectorAll('select[data-go]').forEach(function (s) { s.addEventListener('change', function () { s.form.submit(); }); });
    document.querySelectorAll('button[data-print]').forEach(function (b) { b.hidden = false; b.addEventListener('click', function () { window.print(); }); });
  }
  window.addEventListener('popstate', function () { location.reload(); });
  start();
})();
