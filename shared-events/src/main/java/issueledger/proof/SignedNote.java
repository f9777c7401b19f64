package issueledger.proof;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A text and signatures under it (C2SP signed-note).
 *
 * @param text ends with a line feed
 * @param signatures at least one, at most 100
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
    private static final int MAX_BYTES = 1_000_000;
    private static final int MAX_SIGNATURES = 100;

    public SignedNote {
        signatures = List.copyOf(signatures);
        if (!text.endsWith("\n")) {
            throw new MalformedProof("a note's text ends with a line feed");
        }
        if (text.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw new MalformedProof("a note has no control characters but line feeds");
        }
        if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
            throw new MalformedProof("a note has 1 to " + MAX_SIGNATURES + " signatures");
        }
    }

    public static SignedNote parse(byte[] note) {
        if (note.length > MAX_BYTES) {
            throw new MalformedProof("the note is longer than " + MAX_BYTES + " bytes");
        }
        return parse(Fields.utf8(note, "the note"));
    }

    public static SignedNote parse(String note) {
        int end = note.lastIndexOf("\n\n");
        if (end < 0 || !note.endsWith("\n") || end + 2 == note.length()) {
            throw new MalformedProof("a note has signature lines after an empty line, and ends with a line feed");
        }
        List<NoteSignature> signatures = new ArrayList<>();
        for (String line : note.substring(end + 2, note.length() - 1).split("\n", -1)) {
            signatures.add(NoteSignature.parse(line));
        }
        return new SignedNote(note.substring(0, end + 1), signatures);
    }

    /**
     * The known keys that signed it, each once. Signatures of other keys are ignored, and those of keys that this Java cannot verify.
     *
     * @throws InvalidSignature if a signature names a known key and is not its
     */
    public List<Signed> verify(Collection<VerifierKey> known) {
        List<Signed> verified = new ArrayList<>();
        Set<VerifierKey> seen = new HashSet<>();
        for (NoteSignature signature : signatures) {
            for (VerifierKey key : known) {
                if (key.made(signature) && key.canVerify() && seen.add(key)) {
                    verified.add(key.verify(text, signature));
                }
            }
        }
        return List.copyOf(verified);
    }

    /** The same note with more signatures; a line that it already has is not added twice. */
    public SignedNote with(Collection<NoteSignature> more) {
        List<NoteSignature> all = new ArrayList<>(signatures);
        more.stream().filter(signature -> !all.contains(signature)).forEach(all::add);
        return new SignedNote(text, all);
    }

    /** The note as it is written and sent. */
    public String note() {
        StringBuilder note = new StringBuilder(text).append('\n');
        signatures.forEach(signature -> note.append(signature.line()));
        return note.toString();
    }
}
