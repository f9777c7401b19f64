package issueledger.web;

import issueledger.handling.CommandDispatcher;
import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.Rehearsal;
import issueledger.handling.Submission;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.issue.Reason;
import issueledger.issue.Refusal.Rejected;
import issueledger.issue.Refusal.UnknownIssue;
import issueledger.issue.Refusal.VersionMismatch;
import issueledger.template.Reading;
import issueledger.template.Reading.Remark;
import java.util.List;
import org.springframework.stereotype.Component;

/** Has requests decided, and recorded unless they are dry runs. */
@Component
public class CommandExecutor {
    static final String UNREADABLE = "The document cannot be read as an issue: see errors.";

    private final CommandDispatcher dispatcher;

    public CommandExecutor(CommandDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    /** @throws Problem where the issue refuses the command */
    public Accepted execute(CommandRequest request) {
        return execute(request, ofItsOwn());
    }

    /**
     * One of many commands.
     *
     * @param rehearsal the dry run that it is part of, if it is a dry run
     * @throws Problem where the issue refuses the command
     */
    public Accepted execute(CommandRequest request, Rehearsal rehearsal) {
        Submission submission = request.submission();
        try {
            return decide(request, rehearsal);
        } catch (UnknownIssue e) {
            throw Problem.unknownIssue(submission.issueId());
        } catch (VersionMismatch e) {
            throw new Problem(
                            ProblemType.VERSION_MISMATCH,
                            "The issue is at version " + e.currentVersion() + ": read it again and decide anew.")
                    .with("currentVersion", e.currentVersion());
        } catch (Rejected e) {
            throw rejected(e);
        }
    }

    /**
     * Opens an issue from its document.
     *
     * @throws Problem 400 with its line where a rule refuses the value of a line; otherwise as {@link #execute}
     */
    public Accepted executeDocument(CommandRequest request, Reading reading) {
        try {
            return decide(request, ofItsOwn());
        } catch (Rejected e) {
            if (e.reason() == Reason.UNKNOWN_DUPLICATE || e.reason() == Reason.DUPLICATE_OF_ITSELF) {
                throw Problem.malformed(UNREADABLE)
                        .with("errors", List.of(new Remark(reading.resolutionLine(), "Resolution: " + e.getMessage())));
            }
            throw rejected(e);
        }
    }

    /** A dry run of one request, whose body has its share of the heap already. */
    private static Rehearsal ofItsOwn() {
        return new Rehearsal(bytes -> {});
    }

    private Accepted decide(CommandRequest request, Rehearsal rehearsal) {
        Submission submission = request.submission();
        return request.dry()
                ? dispatcher.rehearse(submission, request.origin(), rehearsal)
                : dispatcher.submit(submission, request.origin());
    }

    private static Problem rejected(Rejected e) {
        Problem problem = new Problem(ProblemType.REJECTED, String.valueOf(e.getMessage())).with("reason", e.reason());
        if (e.status() != null) {
            problem.with("issueStatus", e.status())
                    .with("allowedCommands", e.allowedCommands())
                    .with("closeResolutions", e.closeResolutions());
        }
        if (!e.requirements().isEmpty()) {
            problem.with("requirements", e.requirements());
        }
        return problem;
    }
}
