package issueledger.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The kinds of signatures in a note that this product makes and verifies (C2SP signed-note, tlog-cosignature). */
public enum SignatureType {
    /** A log's signature, of the note's text. */
    ED25519(0x01, KeyAlgorithm.ED25519),
    /** A cosignature: of a time and the note's text. */
    COSIGNATURE(0x04, KeyAlgorithm.ED25519),
    /** A cosignature that a quantum computer cannot forge: of names, a time, and the tree's size and root. */
    ML_DSA_44_COSIGNATURE(0x06, KeyAlgorithm.ML_DSA_44);

    private static final byte[] SUBTREE_LABEL = "subtree/v1\n\0".getBytes(UTF_8);

    private final int identifier;
    private final KeyAlgorithm algorithm;

    SignatureType(int identifier, KeyAlgorithm algorithm) {
        this.identifier = identifier;
        this.algorithm = algorithm;
    }

    static Optional<SignatureType> of(byte identifier) {
        return Arrays.stream(values())
                .filter(type -> type.identifier == Byte.toUnsignedInt(identifier))
                .findFirst();
    }

    byte identifier() {
        return (byte) identifier;
    }

    KeyAlgorithm algorithm() {
        return algorithm;
    }

    /** True if this Java has its algorithm. */
    public boolean isAvailable() {
        return algorithm.isAvailable();
    }

    boolean hasTime() {
        return this != ED25519;
    }

    /**
     * The bytes that are signed.
     *
     * @param name the signer's
     * @param seconds since 1970, in a cosignature
     */
    byte[] message(String name, String text, long seconds) {
        return switch (this) {
            case ED25519 -> text.getBytes(UTF_8);
            case COSIGNATURE -> ("cosignature/v1\ntime " + seconds + "\n" + text).getBytes(UTF_8);
            case ML_DSA_44_COSIGNATURE -> subtree(name, Checkpoint.parse(text), seconds);
        };
    }

    private static byte[] subtree(String name, Checkpoint checkpoint, long seconds) {
        byte[] cosigner = shortText(name, "a cosigner's name");
        byte[] origin = shortText(checkpoint.origin(), "a checkpoint's origin");
        ByteBuffer message = ByteBuffer.allocate(
                SUBTREE_LABEL.length + 1 + cosigner.length + 8 + 1 + origin.length + 8 + 8 + Hash.BYTES);
        message.put(SUBTREE_LABEL).put((byte) cosigner.length).put(cosigner).putLong(seconds);
        message.put((byte) origin.length).put(origin).putLong(0).putLong(checkpoint.size());
        return message.put(checkpoint.root().bytes()).array();
    }

    private static byte[] shortText(String text, String what) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length > 255) {
            throw new MalformedProof(what + " is longer than 255 bytes");
        }
        return bytes;
    }
}
