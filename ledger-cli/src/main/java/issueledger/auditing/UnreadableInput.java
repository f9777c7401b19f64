package issueledger.auditing;

import org.jspecify.annotations.Nullable;

/** What was to be verified cannot be read, or is something else. The message names the file or address and the way out. */
public final class UnreadableInput extends RuntimeException {
    public UnreadableInput(String message) {
        this(message, null);
    }

    public UnreadableInput(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
