import { button, h } from '../dom.js';
import { whyNot } from './why-not.js';

let opened = 0;

/** A modal dialog. It is gone once it is closed, and the focus is back where it was.
 *  @param {string} title @param {...(Node | string)} content */
export function dialog(title, ...content) {
  const id = `dialog-${(opened += 1)}`;
  const close = () => element.close();
  const element = h(
    'dialog',
    { 'aria-labelledby': id, onclose: closed },
    h('header', {}, h('h2', { id }, title), button('×', close, { kind: 'quiet', 'aria-label': 'Close' })),
    ...content,
  );
  /** The focus is back where it was; if that is gone meanwhile, as “Save as project” is, it is at the work. */
  function closed() {
    element.remove();
    const before = /** @type {HTMLElement | null} */ (opener);
    if (document.querySelector('dialog[open]')) return;
    if (!before?.checkVisibility() || document.activeElement === document.body) goOn(before);
  }

  const opener = document.activeElement;
  document.body.append(element);
  element.showModal();
  return { element, close };
}

/** @param {HTMLElement | null} from  where the focus was */
function goOn(from) {
  if (from?.isConnected && from.checkVisibility() && from !== document.body) return from.focus();
  const beside = [...(from?.parentElement?.querySelectorAll('button') ?? [])].find((one) => one.checkVisibility());
  /** @type {HTMLElement | null} */ (beside ?? document.querySelector('#main'))?.focus({ preventScroll: true });
}

/** A form in a dialog. `send` gets the fields by name; while it runs nothing can be sent twice, and what it throws is shown.
 *  @param {{title: string, content: (Node | string)[], confirm: string, send: (values: any, button: string) => Promise<unknown>,
 *    others?: HTMLElement[], why?: (error: any) => string}} options */
export function formDialog({ title, content, confirm, send, others = [], why = (error) => whyNot(error) }) {
  const alert = h('p.alert', { role: 'alert' });
  const submit = h('button.primary', { type: 'submit' }, confirm);
  const form = h('form', { onsubmit: run }, ...content, alert, h('div.buttons', {}, ...others, submit));
  const { element, close } = dialog(title, form);
  /** @type {any} */ (form.querySelector('input, textarea'))?.focus();

  /** @param {any} event */
  async function run(event) {
    event.preventDefault();
    if (form.hasAttribute('aria-busy')) return;
    form.setAttribute('aria-busy', 'true');
    alert.textContent = '';
    try {
      await send(Object.fromEntries(new FormData(form)), event.submitter?.value ?? '');
      close();
    } catch (error) {
      alert.textContent = why(error);
    } finally {
      form.removeAttribute('aria-busy');
    }
  }
  return { element, form, close, alert };
}

/** A labelled text box for such a form.
 *  @param {string} label @param {Record<string, unknown>} attributes  with a name */
export function box(label, attributes) {
  const id = `box-${attributes.name}-${opened + 1}`;
  const tag = attributes.rows ? 'textarea' : 'input';
  return h('div.field.wide', {}, h('label', { for: id }, label), h(tag, { id, ...attributes }));
}
