// A form that a passkey answers: shown where the browser knows passkeys, it asks the phone and sends what comes back.
const named = (known) => (known || []).map((one) => ({ ...one, id: bytesOf(one.id) }));

const isName = !/^[\d.]+$|:/.test(location.hostname); // an address of numbers has no passkeys
const knowsPasskeys = isName && Boolean(window.PublicKeyCredential);

const optionsFrom = async (path) => {
  const answer = await fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (!answer.ok || answer.redirected) throw new Error('no options');
  return answer.json();
};

const phoneSays = {
  async get(options) {
    const found = await navigator.credentials.get({ publicKey: { ...options, challenge: bytesOf(options.challenge), allowCredentials: named(options.allowCredentials) } });
    const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
    return [found, { authenticatorData, clientDataJSON, signature, userHandle }];
  },
  async create(options) {
    const user = { ...options.user, id: bytesOf(options.user.id) };
    const made = await navigator.credentials.create({ publicKey: { ...options, user, challenge: bytesOf(options.challenge), excludeCredentials: named(options.excludeCredentials) } });
    const { attestationObject, clientDataJSON } = made.response;
    return [made, { attestationObject, clientDataJSON }];
  },
};

const askPhone = async (form) => {
  const [credential, parts] = await phoneSays[form.dataset.passkey](await optionsFrom(form.dataset.options));
  const response = Object.fromEntries(Object.entries(parts).filter(([, part]) => part).map(([name, part]) => [name, base64url(new Uint8Array(part))]));
  return JSON.stringify({ id: credential.id, rawId: base64url(new Uint8Array(credential.rawId)), type: credential.type, clientExtensionResults: {}, response });
};

const passkeyForms = document.querySelectorAll('form[data-passkey]');
if (knowsPasskeys) for (const form of passkeyForms) form.hidden = false;
for (const part of document.querySelectorAll('[data-without-passkeys]')) part.hidden = knowsPasskeys;

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('[data-passkey]') || form.elements.credential.value) return;
  event.preventDefault();
  const refused = form.querySelector('[data-refused]');
  refused.hidden = true;
  try {
    form.elements.credential.value = await askPhone(form);
  } catch {
    refused.hidden = false; // the person said no, or the phone did: nothing has happened
    release(form);
    return;
  }
  release(form);
  form.requestSubmit();
});
window.addEventListener('pageshow', () => { for (const form of passkeyForms) form.elements.credential.value = ''; });
