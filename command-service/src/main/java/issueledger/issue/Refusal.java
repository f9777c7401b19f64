package issueledger.issue;

import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.events.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a command was not accepted. Nothing of it was recorded. */
public abstract sealed class Refusal extends RuntimeException {
    private Refusal(String detail) {
        super(detail, null, false, false);
    }

    /** No issue has that id. */
    public static final class UnknownIssue extends Refusal {
        public UnknownIssue() {
            super("There is no such issue.");
        }
    }

    /** The issue is not at the version that the client expected. */
    public static final class VersionMismatch extends Refusal {
        private final long currentVersion;

        public VersionMismatch(long currentVersion) {
            super("The issue is at version " + currentVersion + ".");
            this.currentVersion = currentVersion;
        }

        public long currentVersion() {
            return currentVersion;
        }
    }

    /** A rule refuses it. */
    public static final class Rejected extends Refusal {
        private final Reason reason;
        private final transient @Nullable Status status;
        private final transient List<String> allowedCommands;
        private final transient List<Resolution> closeResolutions;
        private final transient List<Unmet> requirements;

        Rejected(
                Reason reason,
                String detail,
                @Nullable Status status,
                List<String> allowedCommands,
                List<Resolution> closeResolutions,
                List<Unmet> requirements) {
            super(detail);
            this.reason = reason;
            this.status = status;
            this.allowedCommands = allowedCommands;
            this.closeResolutions = closeResolutions;
            this.requirements = requirements;
        }

        public Reason reason() {
            return reason;
        }

        public @Nullable Status status() {
            return status;
        }

        public List<String> allowedCommands() {
            return allowedCommands;
        }

        public List<Resolution> closeResolutions() {
            return closeResolutions;
        }

        public List<Unmet> requirements() {
            return requirements;
        }
    }

    /** A requirement that is not met, and what is missing. */
    public record Unmet(Requirement requirement, String detail) {}
}
