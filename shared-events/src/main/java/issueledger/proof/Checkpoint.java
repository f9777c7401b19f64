package issueledger.proof;

import java.util.List;

/**
 * A tree head, the text that a log signs (C2SP tlog-checkpoint).
 *
 * @param origin the log's name, one line
 * @param size the number of leaves
 * @param extensions lines of any content; none from this product
 */
public record Checkpoint(String origin, long size, Hash root, List<String> extensions) {
    public Checkpoint {
        extensions = List.copyOf(extensions);
        if (origin.isEmpty() || origin.indexOf('\n') >= 0) {
            throw new MalformedProof("a checkpoint's origin is one line that is not empty");
        }
        if (size < 0) {
            throw new MalformedProof("a checkpoint's size is not below 0");
        }
        if (extensions.stream().anyMatch(line -> line.isEmpty() || line.indexOf('\n') >= 0)) {
            throw new MalformedProof("a checkpoint's extension lines are not empty");
        }
    }

    public Checkpoint(String origin, long size, Hash root) {
        this(origin, size, root, List.of());
    }

    /** Reads a note's text. */
    public static Checkpoint parse(String text) {
        if (!text.endsWith("\n")) {
            throw new MalformedProof("the checkpoint's last line does not end");
        }
        List<String> lines = List.of(text.substring(0, text.length() - 1).split("\n", -1));
        if (lines.size() < 3) {
            throw new MalformedProof("a checkpoint has at least three lines: origin, size and root");
        }
        return new Checkpoint(
                lines.get(0),
                Fields.decimal(lines.get(1), "the checkpoint's size"),
                Fields.hash(lines.get(2), "the checkpoint's root"),
                lines.subList(3, lines.size()));
    }

    /** The note's text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(origin)
                .append('\n')
                .append(size)
                .append('\n')
                .append(root.base64())
                .append('\n');
        extensions.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
