package issueledger.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key by which signatures of a note are verified, written {@code name+id+base64} (C2SP signed-note).
 *
 * @param base64 the public key's raw bytes, without the type before them
 */
public record VerifierKey(String name, SignatureType type, String base64) {
    private static final int TIME_BYTES = 8;

    public VerifierKey {
        Fields.keyName(name);
        if (Fields.base64(base64, "a public key").length != type.algorithm().publicBytes()) {
            throw new MalformedProof("a public key has another length than its type says");
        }
    }

    /** Reads one line, without its line feed. */
    public static VerifierKey parse(String text) {
        String[] parts = text.split("\\+", 3); // Base 64 has plus signs too.
        if (parts.length != 3) {
            throw new MalformedProof("a verifier key is name+id+base64");
        }
        byte[] typed = Fields.base64(parts[2], "the verifier key's third part");
        if (typed.length == 0) {
            throw new MalformedProof("the verifier key is empty");
        }
        SignatureType type = SignatureType.of(typed[0])
                .orElseThrow(() -> new MalformedProof(
                        "the verifier key has type %02x; 01, 04 and 06 are known".formatted(typed[0])));
        VerifierKey key = new VerifierKey(parts[0], type, Fields.encode(Arrays.copyOfRange(typed, 1, typed.length)));
        if (!key.id().equals(parts[1])) {
            throw new MalformedProof(
                    "the verifier key's id is " + parts[1] + ", and its name and key make " + key.id());
        }
        return key;
    }

    /** SHA-256 of name, line feed, type and key: the first four bytes. */
    public int keyId() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((name + "\n").getBytes(UTF_8));
            digest.update(type.identifier());
            return ByteBuffer.wrap(digest.digest(publicKey())).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The key's id as eight hex digits. */
    public String id() {
        return HexFormat.of().toHexDigits(keyId());
    }

    /** The public key's raw bytes. */
    public byte[] publicKey() {
        return Fields.base64(base64, "a public key");
    }

    /** True if this Java has the algorithm. */
    public boolean canVerify() {
        return type.isAvailable();
    }

    /** True if the signature says to be of this key. */
    public boolean made(NoteSignature signature) {
        return signature.name().equals(name) && signature.keyId() == keyId();
    }

    /** @throws InvalidSignature if it is not this key's signature of the text */
    public Signed verify(String text, NoteSignature signature) {
        ByteBuffer bytes = ByteBuffer.wrap(signature.signature());
        int length = type.algorithm().signatureBytes() + (type.hasTime() ? TIME_BYTES : 0);
        if (bytes.remaining() == length) {
            long seconds = type.hasTime() ? bytes.getLong() : 0;
            byte[] signed = new byte[bytes.remaining()];
            bytes.get(signed);
            if (seconds >= 0
                    && seconds <= Instant.MAX.getEpochSecond()
                    && type.algorithm().isSigned(publicKey(), type.message(name, text, seconds), signed)) {
                return new Signed(this, type.hasTime() ? Instant.ofEpochSecond(seconds) : null);
            }
        }
        throw new InvalidSignature("the signature of " + name + " (key " + id() + ") is not of this text");
    }

    @Override
    public String toString() {
        byte[] key = publicKey();
        byte[] typed = ByteBuffer.allocate(1 + key.length)
                .put(type.identifier())
                .put(key)
                .array();
        return name + "+" + id() + "+" + Fields.encode(typed);
    }
}
