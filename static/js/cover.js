// Whoever looks at the list of open apps sees the mark and nothing else. The cover is lifted by coming back, or by one tap.
const NOBODYS_PAGE = '/ingen-forbindelse';
const HIDDEN = `${location.protocol === 'https:' ? '__Host-' : ''}hidden`;
const OPENS_A_WINDOW = 'select, input[type="date"], input[type="time"], input[type="file"]'; // the phone's own, over the page
const onPhone = matchMedia('(pointer: coarse)');
const inSight = document.documentElement.dataset;

// The page that was hidden, as long as it is; the server knows the same cookie.
const hiddenFrom = () => {
  const kept = document.cookie.split('; ').find((one) => one.startsWith(`${HIDDEN}=`));
  return kept && decodeURIComponent(kept.slice(HIDDEN.length + 1));
};
const staysHidden = () => hiddenFrom() !== undefined && location.pathname !== NOBODYS_PAGE;

const ONE_TAP = 400; // ms: the tap that lifts the cover presses nothing that lay below it
let lifted = -Infinity;

const cover = () => { inSight.covered = ''; };
const uncover = () => {
  if (!('covered' in inSight)) return;
  if (staysHidden()) { location.replace(NOBODYS_PAGE); return; } // kept by the browser from before
  delete inSight.covered;
  lifted = performance.now();
};

document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') cover(); else uncover(); });
window.addEventListener('pagehide', cover);
window.addEventListener('pageshow', uncover);
window.addEventListener('blur', () => { if (onPhone.matches && !document.activeElement?.matches(OPENS_A_WINDOW)) cover(); });
window.addEventListener('focus', uncover);
document.addEventListener('click', (event) => {
  uncover();
  if (event.timeStamp - lifted > ONE_TAP) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
if (staysHidden()) location.replace(NOBODYS_PAGE); // a page from the shell, which no server was asked for
