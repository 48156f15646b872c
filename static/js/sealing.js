// Seals what was written to the server's public key, so that this phone itself cannot read it any more.
// HPKE (RFC 9180), base mode: P-256, HKDF-SHA256, AES-256-GCM. Every length here fits in one block of HKDF.
const utf8 = (text) => new TextEncoder().encode(text);

const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};

const KEM_SUITE = joined(utf8('KEM'), Uint8Array.of(0, 0x10));
const HPKE_SUITE = joined(utf8('HPKE'), Uint8Array.of(0, 0x10, 0, 1, 0, 2));
const NOTHING = new Uint8Array(0);
const STEP = 256; // bytes: lengths tell little

const hmac = async (key, content) => {
  const held = await crypto.subtle.importKey('raw', key.length ? key : new Uint8Array(32), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', held, content));
};

const extract = (suite, salt, label, content) => hmac(salt, joined(utf8('HPKE-v1'), suite, utf8(label), content));

const expand = async (suite, secret, label, info, length) => {
  const labelled = joined(Uint8Array.of(0, length), utf8('HPKE-v1'), suite, utf8(label), info);
  return (await hmac(secret, joined(labelled, Uint8Array.of(1)))).slice(0, length);
};

const base64url = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

const bytesOf = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));

const sharedWith = async (serverKey) => {
  const curve = { name: 'ECDH', namedCurve: 'P-256' };
  const own = await crypto.subtle.generateKey(curve, false, ['deriveBits']);
  const server = await crypto.subtle.importKey('raw', serverKey, curve, false, []);
  const point = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: server }, own.privateKey, 256));
  const sent = new Uint8Array(await crypto.subtle.exportKey('raw', own.publicKey));
  const secret = await extract(KEM_SUITE, NOTHING, 'eae_prk', point);
  return [sent, await expand(KEM_SUITE, secret, 'shared_secret', joined(sent, serverKey), 32)];
};

const sealBytes = async (plain, publicKey, info) => {
  const [sent, shared] = await sharedWith(publicKey);
  const context = joined(
    Uint8Array.of(0),
    await extract(HPKE_SUITE, NOTHING, 'psk_id_hash', NOTHING),
    await extract(HPKE_SUITE, NOTHING, 'info_hash', info),
  );
  const secret = await extract(HPKE_SUITE, shared, 'secret', NOTHING);
  const key = await crypto.subtle.importKey('raw', await expand(HPKE_SUITE, secret, 'key', context, 32), 'AES-GCM', false, ['encrypt']);
  const iv = await expand(HPKE_SUITE, secret, 'base_nonce', context, 12);
  return joined(sent, new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, plain)));
};

const padded = (text) => {
  const plain = utf8(text);
  return joined(plain, new Uint8Array((STEP - (plain.length % STEP)) % STEP).fill(0x20));
};

// `record` says whose it is and where it goes: another author, mentorship or id does not open it.
const sealRecord = async (pairs, serverKey, { path, author, mentorship, id }) => {
  const info = utf8(['PM1 sealed', path, author, mentorship, id].join('\n'));
  return base64url(await sealBytes(padded(JSON.stringify(pairs)), bytesOf(serverKey), info));
};
