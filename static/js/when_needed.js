// htmx is half of what a page weighs, and most meetings are logged without it: it comes when a form first needs it.
let hypertext;

// The only addresses that scripts come from: the worker, and the file that the page itself names.
const scriptPolicy = window.trustedTypes?.createPolicy('sw', {
  createScriptURL(url) {
    if (url !== '/sw.js' && url !== body.hypertext) throw new TypeError(url);
    return url;
  },
});
const scriptAt = (url) => (scriptPolicy ? scriptPolicy.createScriptURL(url) : url);

const wantHypertext = () => {
  if (!body.hypertext) return Promise.resolve();
  hypertext ??= new Promise((done, failed) => {
    const script = document.createElement('script');
    script.addEventListener('load', () => setTimeout(done)); // htmx looks at the page first
    script.addEventListener('error', failed);
    script.integrity = body.integrity;
    script.src = scriptAt(body.hypertext);
    document.head.append(script);
  });
  return hypertext;
};

// Another day may already be logged by the co-mentor. What was chosen before htmx came is chosen once more.
const anotherDay = ({ target }) => {
  if (hypertext || !body.hypertext || !target.closest('[hx-get]')) return;
  wantHypertext().then(() => {
    if (document.contains(target)) target.dispatchEvent(new Event('change', { bubbles: true }));
  }).catch(() => {});
};
document.addEventListener('change', anotherDay);
