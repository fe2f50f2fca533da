// Brings the marked cell into the middle of what its headings leave of the
// table, without moving the page.
(() => {
  const box = document.querySelector('[data-here]');
  const cell = box && document.getElementById(box.dataset.here);
  if (!cell) return;
  const center = () => {
    const b = box.getBoundingClientRect(), c = cell.getBoundingClientRect();
    let left = 0, top = box.querySelector('thead').offsetHeight;
    for (const e of cell.parentElement.querySelectorAll('th, .side')) if (e !== cell) left += e.offsetWidth;
    const head = box.querySelector('.top');
    if (head && head !== cell.parentElement) top += head.offsetHeight;
    box.scrollLeft += c.left - b.left - left - Math.max(0, b.width - left - c.width) / 2;
    box.scrollTop += c.top - b.top - top - Math.max(0, b.height - top - c.height) / 2;
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
