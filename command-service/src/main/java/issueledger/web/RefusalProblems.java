package issueledger.web;

import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.http.Problem;
import issueledger.issue.Refusal.Rejected;
import issueledger.issue.Refusal.UnknownIssue;
import issueledger.issue.Refusal.VersionMismatch;
import java.util.function.Supplier;

/** Tells a client why the domain refused its command. */
public final class RefusalProblems {
    private RefusalProblems() {}

    public static Accepted telling(String issueId, Supplier<Accepted> submitting) {
        try {
            return submitting.get();
        } catch (UnknownIssue e) {
            throw Problem.unknownIssue(issueId);
        } catch (VersionMismatch e) {
            throw new Problem(
                            412,
                            "version-mismatch",
                            "The issue is at another version",
                            "The issue is at version " + e.currentVersion() + ": read it again and decide anew.")
                    .with("currentVersion", e.currentVersion());
        } catch (Rejected e) {
            throw rejected(e);
        }
    }

    private static Problem rejected(Rejected e) {
        Problem problem = new Problem(409, "rejected", "A rule refuses the command", String.valueOf(e.getMessage()))
                .with("reason", e.reason());
        if (e.status() != null) {
            problem.with("issueStatus", e.status()).with("allowedCommands", e.allowedCommands());
        }
        if (!e.requirements().isEmpty()) {
            problem.with("requirements", e.requirements());
        }
        return problem;
    }
}
