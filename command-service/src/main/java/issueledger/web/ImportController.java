package issueledger.web;

import issueledger.access.Callers;
import issueledger.events.Checks;
import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.IssueStates;
import issueledger.http.Problem;
import issueledger.http.TraceIds;
import issueledger.issue.IssueState;
import issueledger.template.Reading.Remark;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;

/** Records the figures of a load generator or a benchmark as one commit. Its checks run in the order of a command's. */
@RestController
class ImportController {
    static final String NAME = "import-metrics";
    static final String PATH = "/issues/{id}/" + NAME;

    private final CommandExecutor executor;
    private final IssueStates issues;
    private final Clock clock;
    private final Callers callers;
    private final BodyMemoryLimit budget;

    ImportController(
            CommandExecutor executor, IssueStates issues, Clock clock, Callers callers, BodyMemoryLimit budget) {
        this.executor = executor;
        this.issues = issues;
        this.clock = clock;
        this.callers = callers;
        this.budget = budget;
    }

    @PostMapping(PATH)
    ResponseEntity<Accepted> importMetrics(
            @PathVariable String id, HttpServletRequest request, @RequestAttribute(TraceIds.ATTRIBUTE) String traceId)
            throws HttpMediaTypeNotAcceptableException {
        String type = MetricsBody.typeOf(request);
        CommandHeaders.requireAcceptable(request, MediaType.APPLICATION_JSON);
        try (BodyMemoryLimit.Share share = budget.share()) {
            byte[] body = JsonBody.bytes(request, share);
            if (body.length > JsonBody.MOST) {
                throw JsonBody.tooLarge("body");
            }
            MetricsBody metrics = MetricsBody.read(type, body, request, clock.instant());
            CommandHeaders headers = CommandHeaders.of(request, callers, traceId, metrics.isDry());
            if (!Checks.isIssueId(id)) {
                throw Problem.unknownIssue(Binder.printable(id));
            }
            Optional<IssueState> state = issues.find(id);
            MetricsBody.Steps steps = metrics.steps(key -> state.flatMap(known -> known.unitOf(key)));
            Accepted accepted = executor.execute(metrics.request(id, steps, headers));
            return CommandController.answer(ResponseEntity.ok(), numbered(accepted, steps.warnings()));
        }
    }

    /** With the numbers that the metrics got, which follow from the events before them. */
    private Accepted numbered(Accepted accepted, List<Remark> warnings) {
        int count = accepted.events().size();
        long before = issues.metricsBefore(accepted.issueId(), accepted.version() - count);
        List<Long> numbers =
                LongStream.rangeClosed(before + 1, before + count).boxed().toList();
        return accepted.with(warnings).withMetrics(numbers);
    }
}
