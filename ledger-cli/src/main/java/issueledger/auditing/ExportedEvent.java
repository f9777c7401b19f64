package issueledger.auditing;

import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.events.Rfc3339;
import issueledger.log.CommitHash;
import issueledger.log.Commitments;
import issueledger.log.NewEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event as a line of an export or a member of a bundle has it (docs/log-format.md).
 *
 * @param commit the position of its commit's first event
 * @param hash its commit's, lower-case hex
 */
record ExportedEvent(
        long position,
        String issueId,
        long version,
        String type,
        String revision,
        Instant recordedAt,
        long commit,
        String hash,
        String payload,
        String metadata,
        Commitments commitments) {

    /** @throws IllegalArgumentException saying which member is wrong */
    static ExportedEvent of(JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("is no JSON object");
        }
        String recordedAt = line(json, "recordedAt");
        Instant time = Rfc3339.parse(recordedAt);
        if (time == null || !Rfc3339.format(time).equals(recordedAt)) {
            throw new IllegalArgumentException("has a recordedAt that is no time in UTC with milliseconds");
        }
        String hash = line(json, "hash");
        if (!hash.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("has a hash that is not 64 lower-case hex digits");
        }
        return new ExportedEvent(
                number(json, "position"),
                line(json, "issueId"),
                number(json, "version"),
                line(json, "type"),
                line(json, "revision"),
                time,
                number(json, "commit"),
                hash,
                text(json, "payload"),
                text(json, "metadata"),
                new Commitments(
                        optional(json, "payloadSalt"),
                        optional(json, "metadataSalt"),
                        optional(json, "payloadCommitment"),
                        optional(json, "metadataCommitment")));
    }

    private static long number(JsonNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
            throw new IllegalArgumentException("has a " + member + " that is no whole number above 0");
        }
        return value.longValue();
    }

    private static @Nullable String optional(JsonNode json, String member) {
        return json.path(member).isMissingNode() || json.path(member).isNull() ? null : text(json, member);
    }

    private static String text(JsonNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isString()) {
            throw new IllegalArgumentException("has a " + member + " that is no string");
        }
        String text = value.stringValue();
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("has a " + member + " that is no Unicode text");
        }
        return text;
    }

    private static String line(JsonNode json, String member) {
        String text = text(json, member);
        if (text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("has a " + member + " of two lines");
        }
        return text;
    }

    /** The nine lines that the log commits to. */
    byte[] entry() {
        NewEvent event = new NewEvent("", issueId, version - 1, type, revision, payload, metadata, commitments);
        return CommitHash.entry(position, event, recordedAt).getBytes(UTF_8);
    }
}
