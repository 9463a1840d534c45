/** The phone's key: Ed25519, made here; the private half never leaves, and where the browser can it is not even readable. */
import { base64url } from "./ids.js";

const noble = () => import("/vendor/ed25519.js");

/** A new pair: {kind, private (a CryptoKey or 32 bytes), public (base64url)}. It can be kept in IndexedDB. */
export async function makeKey(subtle = crypto.subtle) {
  try {
    const pair = await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
    const open = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
    return { kind: "webcrypto", private: pair.privateKey, public: base64url(open) };
  } catch {
    // Chromium before 137 and old telephones.
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const open = await (await noble()).getPublicKeyAsync(secret);
    return { kind: "noble", private: secret, public: base64url(open) };
  }
}

/** The signature of bytes, base64url. */
export async function sign(key, bytes) {
  const made = key.kind === "webcrypto"
    ? new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, key.private, bytes))
    : await (await noble()).signAsync(bytes, key.private);
  return base64url(made);
}
