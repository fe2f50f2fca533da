// Brings the marked cell into the middle of its table, without moving the page.
(() => {
  const box = document.querySelector('[data-here]');
  const cell = box && document.getElementById(box.dataset.here);
  if (!cell) return;
  const center = () => {
    const b = box.getBoundingClientRect(), c = cell.getBoundingClientRect();
    box.scrollLeft += c.left - b.left - (b.width - c.width) / 2;
    box.scrollTop += c.top - b.top - (b.height - c.height) / 2;
  };
  center();
  for (const link of document.querySelectorAll('a[href="#here"]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      box.scrollIntoView({ block: 'nearest' });
      center();
      box.focus({ preventScroll: true });
    });
  }
})();
