// Words kept on the phone under a key that no page can take out of it. One key a record: it dies with the record.
const lockAway = async (content, key) => {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const kept = key || await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const locked = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, kept, new TextEncoder().encode(JSON.stringify(content)));
  return { lock: kept, iv, locked };
};

const unlock = async ({ lock, iv, locked }) => {
  const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, lock, locked);
  return JSON.parse(new TextDecoder().decode(plain));
};

// A mark by which the same answers are known again, and that tells nothing without this phone's own key.
const markOf = async (content) => {
  let kept = await inStore((database) => database.get('facts', 'marks'));
  if (!kept) {
    kept = { key: 'marks', lock: await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']) };
    await inStore((database) => database.put('facts', kept));
  }
  const mark = await crypto.subtle.sign('HMAC', kept.lock, new TextEncoder().encode(JSON.stringify(content)));
  return base64url(new Uint8Array(mark));
};
