/** An element: `h('button.primary', { type: 'button', onclick }, 'Save')`.
 *  Functions become listeners, true an empty attribute; false and null leave the attribute or child out.
 *  @param {string} tag  with classes after dots
 *  @param {Record<string, unknown>} [attributes]
 *  @param {...(Node | string | number | null | undefined | false)} children
 *  @returns {any} */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const made = document.createElement(name);
  if (classes.length) made.className = classes.join(' ');
  set(made, attributes);
  made.append(...children.filter((child) => child != null && child !== false).map(asNode));
  return made;
}

/** An SVG element, with attributes only.
 *  @param {string} tag @param {Record<string, string | number>} attributes @param {...Element} children */
export function svg(tag, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** A button that does what it says.
 *  @param {string} label @param {(event: Event) => unknown} onclick @param {Record<string, unknown>} [attributes] */
export function button(label, onclick, { kind = '', ...attributes } = {}) {
  return h(`button${kind ? `.${kind}` : ''}`, { type: 'button', onclick, ...attributes }, label);
}

/** @param {Element} element @param {Record<string, unknown>} attributes */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, '');
    else if (value != null && value !== false) element.setAttribute(name, String(value));
  }
}

/** @param {unknown} child */
const asNode = (child) => (child instanceof Node ? child : document.createTextNode(String(child)));
