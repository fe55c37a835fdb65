/** Nothing moves under the hands of somebody who writes: when something appears above the field, such as a conflict or a
 *  notice, the page scrolls by as much. (Browsers do that themselves, but not at the top of a page.) */
export function steady() {
  /** @type {{control: Element, top: number} | null} the field that is written in, and where it is seen */
  let held = null;

  function hold() {
    const control = document.activeElement;
    held = control?.matches('input, textarea') ? { control, top: control.getBoundingClientRect().top } : null;
  }

  function restore() {
    if (!held || document.activeElement !== held.control) return;
    const moved = held.control.getBoundingClientRect().top - held.top;
    if (Math.abs(moved) >= 1) scrollBy(0, moved);
  }

  for (const type of ['focusin', 'focusout', 'input', 'keyup', 'resize', 'scroll']) addEventListener(type, hold, { passive: true });
  new ResizeObserver(restore).observe(document.body); // whatever appears makes it higher
}
