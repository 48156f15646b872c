// A form with data-once is sent once: a second tap while the first is under way does nothing.
const sending = new WeakSet();

const release = (form) => {
  sending.delete(form);
  form.removeAttribute('aria-busy');
};

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-once]')) return;
  if (sending.has(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sending.add(form);
  form.setAttribute('aria-busy', 'true');
}, true);

const releaseAll = () => document.querySelectorAll('form[data-once]').forEach(release);

document.addEventListener('htmx:finally:request', releaseAll);
window.addEventListener('pageshow', releaseAll);
