package issueledger.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Turns.Turn;
import issueledger.events.EventJson;
import issueledger.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request's body as one strict JSON object: no key twice, nothing behind it, numbers kept as they are. */
public final class JsonBody {
    /** Maximum size of a body, in bytes. */
    public static final int MOST = 1024 * 1024;

    private static final int DEPTH = 64;

    /** Start of the parser's message on a duplicate field. */
    private static final String TWICE = "Duplicate Object property";

    /** How long a body may take to arrive. */
    private static final Duration ARRIVAL = Duration.ofSeconds(20);

    /** Maximum characters of a number that is converted; the cost grows with the square of the length. */
    private static final int LONGEST_NUMBER = 20_000;

    private static final BigDecimal TOO_LARGE = new BigDecimal("1e400");
    private static final BigDecimal TOO_SMALL = new BigDecimal("1e-400");

    private static final JsonMapper STRICT = EventJson.configure(JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH)
                            .maxNumberLength(MOST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                    .build()))
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(
                    DeserializationFeature
                            .FAIL_ON_TRAILING_TOKENS) // Its message has class names; parse() looks itself.
            .build();

    private JsonBody() {}

    /** The request's body; an empty one is an empty object and needs no Content-Type. */
    public static ObjectNode read(HttpServletRequest request, BodyMemoryLimit.Share share) {
        DeclaredType.require(MediaType.APPLICATION_JSON, request);
        byte[] body = bytes(request, share);
        if (body.length == 0) {
            return STRICT.createObjectNode();
        }
        if (request.getContentType() == null) {
            throw DeclaredType.unsupported(MediaType.APPLICATION_JSON);
        }
        if (body.length > MOST) {
            throw tooLarge("body");
        }
        return parse(body);
    }

    /** The body's bytes; of a body that is too large, one byte more than it may have. */
    public static byte[] bytes(HttpServletRequest request, BodyMemoryLimit.Share share) {
        long length = request.getContentLengthLong();
        if (length > MOST && request.getContentType() != null) {
            throw tooLarge("body");
        }
        int most = length < 0 || length > MOST ? MOST + 1 : (int) length;
        byte[] body = arrived(request, most, share);
        if (body.length <= MOST) {
            share.inWork(body.length);
        }
        return body;
    }

    /** A request gives its place to others while its body arrives. */
    private static byte[] arrived(HttpServletRequest request, int most, BodyMemoryLimit.Share share) {
        Turn turn = AdmissionValve.turnOf(request);
        if (turn == null || isThere(request, most)) {
            return bytes(request, most, share);
        }
        turn.pause(Reason.BODIES);
        byte[] body = bytes(request, most, share);
        turn.resume();
        return body;
    }

    private static boolean isThere(HttpServletRequest request, int most) {
        try {
            boolean none = request.getContentLengthLong() < 0 && request.getHeader("Transfer-Encoding") == null;
            boolean whole = request.getContentLengthLong() >= 0
                    && request.getInputStream().available() >= most;
            return none || most == 0 || whole;
        } catch (IOException e) {
            return true; // The read fails the same way.
        }
    }

    /** At most so many bytes; a slow client must not hold memory for long. */
    private static byte[] bytes(HttpServletRequest request, int most, BodyMemoryLimit.Share share) {
        long deadline = System.nanoTime() + ARRIVAL.toNanos();
        int room = Math.min(most, BodyMemoryLimit.FREE);
        ByteArrayOutputStream body = new ByteArrayOutputStream(room);
        byte[] chunk = new byte[room];
        try {
            InputStream in = request.getInputStream();
            for (int n = 0;
                    n >= 0 && body.size() < most;
                    n = in.read(chunk, 0, Math.min(chunk.length, room - body.size()))) {
                body.write(chunk, 0, n);
                if (System.nanoTime() > deadline) {
                    throw Problem.malformed("The body did not arrive within " + ARRIVAL.toSeconds() + " s.");
                }
                if (body.size() == room) {
                    // The buffer doubles as bytes arrive. A large Content-Length alone reserves nothing.
                    int more = Math.min(room, most - room);
                    if (more > 0) {
                        share.arriving(more);
                    }
                    room += more;
                }
            }
            return body.toByteArray();
        } catch (IOException e) {
            throw cutOff();
        }
    }

    public static Problem cutOff() {
        return Problem.malformed("The body ended before its end, or its chunks are malformed.");
    }

    /** @param what is too large: a body, or a line of one */
    public static Problem tooLarge(String what) {
        return Problem.tooLarge(what, "A " + what + " may have 1 MiB (" + MOST + " bytes).");
    }

    public static ObjectNode parse(byte[] body) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("", "is not UTF-8");
        }
        try (JsonParser parser = new AnyNumber(STRICT.createParser(text))) {
            JsonNode node;
            try {
                node = STRICT.readTree(parser);
                if (parser.nextToken() != null) {
                    throw malformed("", "has something behind its end");
                }
            } catch (JacksonException e) {
                throw malformed(pointer(parser), detail(e));
            }
            if (!(node instanceof ObjectNode object)) {
                throw malformed("", "must be a JSON object");
            }
            return object;
        }
    }

    /** Reads a number beyond Java's range as one that no field takes: it is JSON, and the field's rule refuses it. */
    private static final class AnyNumber extends JsonParserDelegate {
        AnyNumber(JsonParser parser) {
            super(parser);
        }

        @Override
        public BigInteger getBigIntegerValue() {
            return isTooLong() ? TOO_LARGE.toBigInteger() : super.getBigIntegerValue();
        }

        @Override
        public BigDecimal getDecimalValue() {
            if (isTooLong()) {
                return TOO_LARGE;
            }
            try {
                return super.getDecimalValue();
            } catch (NumberFormatException e) {
                String[] parts = getString().split("[eE]");
                if (parts[0].matches("[-0.]*")) {
                    return BigDecimal.ZERO;
                }
                return parts[1].startsWith("-") ? TOO_SMALL : TOO_LARGE;
            }
        }

        private boolean isTooLong() {
            return getStringLength() > LONGEST_NUMBER;
        }
    }

    private static String pointer(JsonParser parser) {
        return Binder.printable(parser.streamReadContext().pathAsPointer().toString());
    }

    private static String detail(JacksonException e) {
        // Removes the names of the parser's classes, settings and sources.
        String message = Binder.printable(String.valueOf(e.getOriginalMessage()))
                .replaceAll("[\\p{Cntrl}\u2028\u2029]+", " ")
                .replaceFirst("\\s*\\(start marker at.*", "")
                .replaceFirst(": enable.*", "")
                .replaceAll("\\(?`?(StreamReadConstraints|JsonReadFeature|StreamReadFeature)[^)]*\\)?`?", "")
                .strip();
        if (message.startsWith(TWICE)) {
            return "has the field " + message.substring(TWICE.length()).strip() + " twice";
        }
        String what =
                message.startsWith("Document nesting depth") ? "it is nested more than " + DEPTH + " deep" : message;
        var at = e.getLocation();
        return at == null || at.getLineNr() < 1
                ? "is not JSON: " + what
                : "is not JSON at line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + what;
    }

    private static Problem malformed(String pointer, String detail) {
        return Problem.malformed("The body " + detail + ".").at("pointer", pointer, detail);
    }

    /** A JSON value in one form: members sorted, numbers as plain decimals without trailing zeros. */
    public static String canonical(@Nullable JsonNode node) {
        return EventJson.MAPPER.writeValueAsString(canonicalValue(node));
    }

    private static @Nullable Object canonicalValue(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        } else if (node.isObject()) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), canonicalValue(member.getValue())));
            return members;
        } else if (node.isArray()) {
            return node.valueStream().map(JsonBody::canonicalValue).toList();
        } else if (node.isNumber()) {
            BigDecimal number = node.decimalValue();
            return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        }
        return node.isString() ? node.stringValue() : (Object) node.booleanValue();
    }
}
