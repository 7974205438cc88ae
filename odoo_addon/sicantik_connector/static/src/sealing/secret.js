/** @odoo-module **/
/* A secret of the worker's, sealed under its name as src/secrets/master_key.rs opens it. Nothing of Odoo. */

import { seal } from "./hpke";

// What is sealed is for this purpose and no other.
const INFO = "sicantik-companion secret 1";

/**
 * The sealed text of a secret, as Odoo passes it on.
 *
 * @param {string} publicKey the worker's, base64 of an uncompressed point
 * @param {string} databaseUuid whose database it belongs to
 * @param {string} name which secret it is there, as in `sicantik secret set NAME`; it opens under no other
 * @param {string} secret at least one character
 * @returns {Promise<string>} base64
 */
export async function sealSecret(publicKey, databaseUuid, name, secret) {
    if (!secret) {
        throw new Error("There is no secret to seal.");
    }
    const bound = `${databaseUuid}\n${name}`;
    const sealed = await seal(fromBase64(publicKey), utf8(INFO), utf8(bound), utf8(secret));
    return toBase64(sealed);
}

/** How long a secret is when it is sealed, in bytes. */
export function lengthOf(secret) {
    return utf8(secret).length;
}

function utf8(words) {
    return new TextEncoder().encode(words);
}

function fromBase64(words) {
    return Uint8Array.from(atob(words), (character) => character.charCodeAt(0));
}

function toBase64(data) {
    return btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}
