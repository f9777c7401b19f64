package issueledger.web.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.access.Caller;
import issueledger.access.Callers;
import issueledger.admission.Connections;
import issueledger.admission.Connections.Connection;
import issueledger.events.Checks;
import issueledger.events.EventJson;
import issueledger.handling.CommandDispatcher.Accepted;
import issueledger.handling.Rehearsal;
import issueledger.http.Headers;
import issueledger.http.Problem;
import issueledger.http.Problems;
import issueledger.http.TraceIds;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.log.NotInTime;
import issueledger.log.Unavailable;
import issueledger.refused.RefusalRecorder;
import issueledger.web.BodyMemoryLimit;
import issueledger.web.CommandExecutor;
import issueledger.web.CommandHeaders;
import issueledger.web.CommandLog;
import issueledger.web.CommandMeters;
import issueledger.web.CommandRequest;
import issueledger.web.DeclaredType;
import issueledger.web.JsonBody;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/**
 * Many commands in one request, a line each, and a result line for each, both streamed. A client may read the results while it sends, or
 * send everything before it reads.
 */
@RestController
class BulkController {
    private static final Logger LOG = LoggerFactory.getLogger(BulkController.class);

    private static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;
    private static final String OPENING = IssueCommand.nameOf(OpenIssue.class);
    private static final String PATH = "/commands";

    /** What the lines of a dry run share: each sees the lines before it. */
    private static final List<String> IN_ORDER = List.of("dry run");

    /** How many lines of a request are under way at once. */
    private static final int LINES = 256;

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir"));

    /** Maximum size of the file that holds results for a slow client, in bytes. */
    private static final long SPOOL = 1L << 30;

    /** How long a client may send nothing between two lines, and read nothing while it sends. */
    private static final Duration NEXT_LINE = Duration.ofMinutes(1);

    private static final Duration UNREAD = Duration.ofHours(1);

    private final CommandExecutor executor;
    private final Clock clock;
    private final Callers callers;
    private final BodyMemoryLimit budget;
    private final BulkLines turns;
    private final RefusalRecorder refusals;
    private final CommandLog log;
    private final CommandMeters meters;
    private volatile boolean closing;

    BulkController(
            CommandExecutor executor,
            Clock clock,
            Callers callers,
            BodyMemoryLimit budget,
            BulkLines turns,
            RefusalRecorder refusals,
            CommandLog log,
            CommandMeters meters) {
        this.executor = executor;
        this.clock = clock;
        this.callers = callers;
        this.budget = budget;
        this.turns = turns;
        this.refusals = refusals;
        this.log = log;
        this.meters = meters;
    }

    /** Lines under way are finished; those not begun are for another start. */
    @EventListener(ContextClosedEvent.class)
    void stop() {
        closing = true;
    }

    @PostMapping(PATH)
    void bulk(
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestAttribute(TraceIds.ATTRIBUTE) String traceId)
            throws IOException, InterruptedException, HttpMediaTypeNotAcceptableException {
        requireNdjson(request);
        CommandHeaders.requireAcceptable(request, NDJSON);
        refuse(request, "Idempotency-Key", "is given in each line, as idempotencyKey");
        refuse(request, "If-Match", "is given in each line, as ifMatch");
        CommandHeaders headers = CommandHeaders.of(request, callers, traceId);
        Connection connection = Connections.current();
        long start = System.nanoTime();
        try (BodyMemoryLimit.Share share = budget.share()) {
            Bulk bulk = new Bulk(headers, callers.of(request), share);
            carryOut(request, response, bulk, connection, start);
        }
    }

    private void carryOut(
            HttpServletRequest request, HttpServletResponse response, Bulk bulk, Connection connection, long start)
            throws IOException, InterruptedException {
        try {
            connection.awaitFor(NEXT_LINE, UNREAD);
            response.setContentType(NDJSON.toString());
            carryOut(request, response, bulk, connection);
        } finally {
            log.bulk()
                    .addKeyValue("command", "bulk")
                    .addKeyValue("accepted", bulk.accepted())
                    .addKeyValue("refused", bulk.refused())
                    .addKeyValue("actor", bulk.headers().actor().replace('"', '\''))
                    .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start))
                    .log("bulk");
        }
    }

    private static void requireNdjson(HttpServletRequest request) {
        DeclaredType.require(NDJSON, request);
        if (request.getContentType() == null && request.getContentLengthLong() != 0) {
            throw DeclaredType.unsupported(NDJSON);
        }
    }

    private static void refuse(HttpServletRequest request, String header, String detail) {
        if (Headers.single(request, header) != null) {
            throw Problem.malformedParameter(header, detail);
        }
    }

    /** One bulk request. */
    private record Bulk(
            CommandHeaders headers,
            Caller caller,
            BodyMemoryLimit.Share share,
            Rehearsal rehearsal,
            LongAdder accepted,
            LongAdder refused) {
        Bulk(CommandHeaders headers, Caller caller, BodyMemoryLimit.Share share) {
            this(headers, caller, share, new Rehearsal(share::rehearsed), new LongAdder(), new LongAdder());
        }

        /** The names of the work that a line waits for. */
        Collection<String> after(BulkLine line) {
            return headers.dry() ? IN_ORDER : line.after();
        }
    }

    private void carryOut(HttpServletRequest request, HttpServletResponse response, Bulk bulk, Connection connection)
            throws IOException, InterruptedException {
        try (Spool spool = new Spool(FOLDER, SPOOL);
                KeyedExecutor work = new KeyedExecutor(LINES, spool::put)) {
            Thread writer = Thread.ofVirtual().name("bulk-results").start(() -> write(spool, response));
            try {
                read(request, response, bulk, work, spool);
                work.finish();
            } finally {
                spool.end();
                writer.join();
            }
            if (spool.isAbandoned()) {
                connection.cut();
            }
        }
    }

    private void read(
            HttpServletRequest request, HttpServletResponse response, Bulk bulk, KeyedExecutor work, Spool spool)
            throws IOException, InterruptedException {
        Lines lines = new Lines(request.getInputStream(), bulk.share());
        try {
            byte[] line = lines.next();
            // From here on the connector, too, answers no error of the body in place of the results.
            response.flushBuffer();
            for (; line != null && !spool.isAbandoned(); line = lines.next()) {
                if (closing) {
                    throw new NotInTime("the service stops: send this line and those after it again", null);
                }
                if (!isBlank(line)) {
                    give(lines.number(), line, bulk, work);
                }
            }
        } catch (IOException e) {
            // Whether it went away or its chunks are wrong: the lines before are done, and told if anybody listens.
            fail(lines.number(), JsonBody.cutOff(), bulk, work);
        } catch (Unavailable e) {
            fail(lines.number(), Problems.unavailable(e, false, false), bulk, work);
        }
    }

    private void give(long number, byte[] bytes, Bulk bulk, KeyedExecutor work) throws InterruptedException {
        if (bytes.length > JsonBody.MOST) {
            fail(number, JsonBody.tooLarge("line"), bulk, work);
            return;
        }
        int units = budget.take(bytes.length);
        try {
            BulkLine line = BulkLine.parse(bytes);
            work.give(bulk.after(line), () -> {
                try {
                    return turns.carryOut(() -> result(number, line, bulk));
                } finally {
                    budget.giveBack(units);
                }
            });
        } catch (Problem e) {
            budget.giveBack(units);
            fail(number, e, bulk, work);
        }
    }

    private void fail(long number, Problem problem, Bulk bulk, KeyedExecutor work) throws InterruptedException {
        work.give(List.of(), () -> refused(number, problem, bulk));
    }

    private byte[] result(long number, BulkLine line, Bulk bulk) {
        long start = System.nanoTime();
        try {
            String command = line.command();
            if (command != null) {
                CommandRequest.typeOf(command);
                if (!bulk.caller().mayCommand(command)) {
                    throw Caller.forbidden();
                }
            }
            CommandRequest read = line.read(bulk.headers(), clock.instant());
            Accepted accepted = executor.execute(read, bulk.rehearsal());
            meters.took(String.valueOf(command), bulk.headers().dry(), null, start);
            return accepted(number, command, accepted, bulk);
        } catch (Problem e) {
            keep(number, line, e, bulk, start);
            return refused(number, e, bulk);
        } catch (Unavailable e) {
            Problem away = Problems.unavailable(e, false, line.idempotencyKey() != null);
            keep(number, line, away, bulk, start);
            return refused(number, away, bulk);
        } catch (RuntimeException e) {
            LOG.error("line {} of a bulk request failed", number, e);
            return refused(number, Problems.plain(500), bulk);
        }
    }

    private void keep(long number, BulkLine line, Problem problem, Bulk bulk, long start) {
        String command = line.command();
        String sent = line.issueId();
        CommandHeaders headers = bulk.headers();
        if (command == null || !IssueCommand.BY_NAME.containsKey(command)) {
            return;
        }
        String issueId = sent != null && Checks.isIssueId(sent) ? sent : null;
        if (!headers.dry()) {
            refusals.keep(command, issueId, headers.actor(), headers.traceId(), problem);
        }
        meters.took(command, headers.dry(), problem, start);
        String outcome = CommandLog.outcome(problem.status(), problem);
        log.line(command, issueId, headers.actor(), headers.dry(), outcome, start)
                .addKeyValue("line", number)
                .addKeyValue("trace", headers.traceId())
                .log("command");
    }

    private static byte[] accepted(long number, @Nullable String command, Accepted accepted, Bulk bulk) {
        bulk.accepted().increment();
        ObjectNode result = EventJson.MAPPER.createObjectNode();
        result.put("line", number);
        result.put("status", OPENING.equals(command) ? 201 : 200);
        result.setAll((ObjectNode) EventJson.MAPPER.valueToTree(accepted));
        if (accepted.replayed()) {
            result.put("replayed", true);
        }
        return line(EventJson.MAPPER.writeValueAsString(result));
    }

    private static byte[] refused(long number, Problem problem, Bulk bulk) {
        bulk.refused().increment();
        return line(Problems.line(number, problem, PATH, bulk.headers().traceId()));
    }

    private static byte[] line(String json) {
        return (json + "\n").getBytes(UTF_8);
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private static void write(Spool spool, HttpServletResponse response) {
        try {
            ServletOutputStream out = response.getOutputStream();
            for (byte[] results = spool.take(); results != null; results = spool.take()) {
                out.write(results);
                if (spool.isEmpty()) {
                    out.flush();
                }
            }
        } catch (IOException e) {
            LOG.debug("the client went away: {}", e.getMessage());
            spool.abandon();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            spool.abandon();
        }
    }
}
