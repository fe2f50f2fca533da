// What axe-core does not ask: a sideways scroll and what causes it, ids used
// twice, links that lead nowhere in the page, one main heading, a sheet of style
// that was applied. Names, labels and contrast are held stricter than there: a
// hidden label does not count, and large text needs 4.5 as all text does.
JSON.stringify((() => {
  const faults = [], ids = new Set();
  const say = (what, e) => faults.push(what + ' ' + e.tagName + (e.id ? '#' + e.id : '') + '.' + (e.getAttribute('class') || '') + ' ' + (e.textContent || '').trim().slice(0, 20));
  const light = c => { const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : Math.pow((x + .055) / 1.055, 2.4); }); return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
  const rgb = s => { const m = s.match(/[\d.]+/g); return !m || !s.startsWith('rgb') || m.length > 3 && +m[3] < 1 ? null : m.slice(0, 3).map(Number); };
  const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)' && rgb(c)) return rgb(c); } return [255, 255, 255]; };
  for (const e of document.querySelectorAll('body *')) {
    if (e.id) { if (ids.has(e.id)) say('id twice', e); ids.add(e.id); }
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName) && e.type !== 'hidden' && !e.labels.length && !e.getAttribute('aria-label') && !document.getElementById(e.getAttribute('aria-labelledby'))) say('no label', e);
    if (/^(A|BUTTON)$/.test(e.tagName) && !e.textContent.trim() && !e.getAttribute('aria-label')) say('no name', e);
    if (!e.getClientRects().length || e.closest('svg') || e.className === 'skip') continue;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    if (box.right > innerWidth + 1 && !e.closest('.scroll') && style.position !== 'absolute') say('wide', e);
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const ink = own && !e.disabled && rgb(style.color);
    if (ink) { const a = light(ink), b = light(ground(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05); if (ratio < 4.5) say('contrast ' + ratio.toFixed(2), e); }
  }
  for (const e of document.querySelectorAll('[href^="#"]')) if (!document.getElementById(decodeURIComponent(e.getAttribute('href').slice(1)))) say('leads nowhere ' + e.getAttribute('href'), e);
  const over = document.documentElement.scrollWidth - innerWidth, heads = document.querySelectorAll('h1').length;
  if (over > 0) faults.unshift('scrolls sideways by ' + over);
  if (heads !== 1) faults.unshift('main headings: ' + heads);
  if (getComputedStyle(document.body).marginTop !== '0px') faults.unshift('the style sheet is not applied');
  return {faults: faults.slice(0, 12), ground: getComputedStyle(document.body).backgroundColor};
})())
