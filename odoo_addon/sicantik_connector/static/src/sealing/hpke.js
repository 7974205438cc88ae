/** @odoo-module **/
/*
 * HPKE (RFC 9180) in base mode, single shot, sealing only, by the browser's WebCrypto alone: DHKEM(P-256, HKDF-SHA256),
 * HKDF-SHA256, AES-256-GCM. What the worker opens in src/secrets/master_key.rs.
 *
 * No component, nothing of Odoo. Names and section numbers are those of the RFC. WebCrypto is there on https and on
 * localhost only: ask canSeal() first.
 */

// Section 7: the identifiers of the three algorithms, each in two bytes.
const KEM_P256_HKDF_SHA256 = [0x00, 0x10];
const KDF_HKDF_SHA256 = [0x00, 0x01];
const AEAD_AES_256_GCM = [0x00, 0x02];

// Section 4.1: what the derivations of the KEM are for; section 5.1: those of the whole.
const KEM_SUITE = bytes(text("KEM"), KEM_P256_HKDF_SHA256);
const HPKE_SUITE = bytes(text("HPKE"), KEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
const VERSION = text("HPKE-v1");
const MODE_BASE = [0x00];

// Nsecret (section 7.1), Nk and Nn (section 7.3), and the length of SHA-256, in bytes.
const SECRET_LENGTH = 32;
const KEY_LENGTH = 32;
const NONCE_LENGTH = 12;
const HASH_LENGTH = 32;

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const NOTHING = new Uint8Array();

/** Whether this page may seal at all: browsers keep WebCrypto from plain http to other machines. */
export function canSeal() {
    return Boolean(globalThis.isSecureContext && globalThis.crypto && globalThis.crypto.subtle);
}

/**
 * SealBase of section 6.1: seals `secret` to `publicKey`, for `info`, bound to `aad`.
 *
 * @param {Uint8Array} publicKey the receiver's, an uncompressed point (65 bytes)
 * @param {Uint8Array} info what it is for
 * @param {Uint8Array} aad what it belongs to
 * @param {Uint8Array} secret
 * @returns {Promise<Uint8Array>} the encapsulated key (65 bytes), then the ciphertext with its tag (16 bytes)
 */
export async function seal(publicKey, info, aad, secret) {
    const { shared, encapsulated } = await encapsulate(publicKey);
    const { key, nonce } = await schedule(shared, info);
    const algorithm = { name: "AES-GCM", iv: nonce, additionalData: aad, tagLength: 128 };
    const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
    // Section 5.2: the first message of a context has the base nonce itself.
    const ciphertext = await crypto.subtle.encrypt(algorithm, imported, secret);
    return bytes(encapsulated, new Uint8Array(ciphertext));
}

/** Encap of section 4.1, with a key pair that is used once. */
async function encapsulate(publicKey) {
    const receiver = await crypto.subtle.importKey("raw", publicKey, CURVE, false, []);
    const once = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
    // The x-coordinate of the shared point, as section 7.1.1 asks for on P-256.
    const dh = await crypto.subtle.deriveBits({ name: "ECDH", public: receiver }, once.privateKey, 256);
    const encapsulated = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
    // ExtractAndExpand of section 4.1.
    const context = bytes(encapsulated, publicKey);
    const pseudorandom = await labeledExtract(KEM_SUITE, NOTHING, "eae_prk", new Uint8Array(dh));
    const shared = await labeledExpand(KEM_SUITE, pseudorandom, "shared_secret", context, SECRET_LENGTH);
    return { shared, encapsulated };
}

/** KeySchedule of section 5.1, without a pre-shared key; the exporter is not used. */
async function schedule(shared, info) {
    const pskIdHash = await labeledExtract(HPKE_SUITE, NOTHING, "psk_id_hash", NOTHING);
    const infoHash = await labeledExtract(HPKE_SUITE, NOTHING, "info_hash", info);
    const context = bytes(MODE_BASE, pskIdHash, infoHash);
    const secret = await labeledExtract(HPKE_SUITE, shared, "secret", NOTHING);
    return {
        key: await labeledExpand(HPKE_SUITE, secret, "key", context, KEY_LENGTH),
        nonce: await labeledExpand(HPKE_SUITE, secret, "base_nonce", context, NONCE_LENGTH),
    };
}

/** LabeledExtract of section 4: HKDF-Extract (RFC 5869, section 2.2), which WebCrypto's HKDF does not give by itself. */
async function labeledExtract(suite, salt, label, material) {
    // No salt is as many zeros as the hash is long; WebCrypto takes no empty key.
    return hmac(salt.length ? salt : new Uint8Array(HASH_LENGTH), bytes(VERSION, suite, text(label), material));
}

/** LabeledExpand of section 4: HKDF-Expand (RFC 5869, section 2.3), of which the first block is enough here. */
async function labeledExpand(suite, pseudorandom, label, info, length) {
    const labeled = bytes([0x00, length], VERSION, suite, text(label), info);
    return (await hmac(pseudorandom, bytes(labeled, [0x01]))).slice(0, length);
}

async function hmac(key, data) {
    const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

function text(words) {
    return new TextEncoder().encode(words);
}

/** The parts behind each other. */
function bytes(...parts) {
    return Uint8Array.from(parts.flatMap((part) => [...part]));
}
