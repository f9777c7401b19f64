package issueledger.proof;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A line of a signed note (C2SP signed-note).
 *
 * @param name the key's name
 * @param base64 the key's id, four bytes, and the signature
 */
public record NoteSignature(String name, String base64) {
    static final String DASH = "\u2014 ";

    public NoteSignature {
        Fields.keyName(name);
        if (Fields.base64(base64, "a signature").length < 5) {
            throw new MalformedProof("a signature has a key id of four bytes and more");
        }
    }

    static NoteSignature of(String name, int keyId, byte[] signature) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + signature.length);
        bytes.putInt(keyId).put(signature);
        return new NoteSignature(name, Fields.encode(bytes.array()));
    }

    /** Reads a line without its line feed. */
    public static NoteSignature parse(String line) {
        String[] parts = line.startsWith(DASH) ? line.substring(DASH.length()).split(" ", -1) : new String[0];
        if (parts.length != 2) {
            throw new MalformedProof("a signature line is an em dash, a key's name and base64, with one space between");
        }
        return new NoteSignature(parts[0], parts[1]);
    }

    public int keyId() {
        return ByteBuffer.wrap(Fields.base64(base64, "a signature")).getInt();
    }

    byte[] signature() {
        byte[] bytes = Fields.base64(base64, "a signature");
        return Arrays.copyOfRange(bytes, 4, bytes.length);
    }

    /** The line with its line feed. */
    public String line() {
        return DASH + name + " " + base64 + "\n";
    }
}
