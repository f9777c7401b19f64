package issueledger.proof;

import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.time.Instant;

/** A private key under a name, which signs notes. */
public final class SigningKey {
    private final VerifierKey verifier;
    private final KeyPair pair;

    private SigningKey(VerifierKey verifier, KeyPair pair) {
        this.verifier = verifier;
        this.pair = pair;
    }

    /** A key for one kind of signature, which its algorithm must be able to make. */
    public static SigningKey of(String name, SignatureType type, KeySeed seed) {
        if (type.algorithm() != seed.algorithm()) {
            throw new MalformedProof("the private key is not of the algorithm of " + type);
        }
        KeyPair pair = seed.pair();
        byte[] raw = type.algorithm().raw(pair.getPublic());
        return new SigningKey(new VerifierKey(name, type, Fields.encode(raw)), pair);
    }

    public VerifierKey verifier() {
        return verifier;
    }

    /** @param at the time that a cosignature states, in seconds; a signature without time ignores it */
    public NoteSignature sign(String text, Instant at) {
        SignatureType type = verifier.type();
        long seconds = at.getEpochSecond();
        byte[] signature = type.algorithm().sign(pair, type.message(verifier.name(), text, seconds));
        if (type.hasTime()) {
            signature = ByteBuffer.allocate(8 + signature.length)
                    .putLong(seconds)
                    .put(signature)
                    .array();
        }
        return NoteSignature.of(verifier.name(), verifier.keyId(), signature);
    }
}
