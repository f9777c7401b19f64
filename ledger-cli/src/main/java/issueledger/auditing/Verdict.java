package issueledger.auditing;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The outcome of a verification.
 *
 * @param subject what was verified, one line
 * @param findings one of each aspect, in their order
 */
public record Verdict(Answer answer, String subject, List<Finding> findings, List<Erased> erased) {
    public Verdict {
        findings = List.copyOf(findings);
        erased = List.copyOf(erased);
    }

    /** A text that is gone and therefore unproven; its commitment and everything else is proven. */
    public record Erased(long position, boolean payload, boolean metadata) {
        static List<Erased> of(ExportedEvent event) {
            boolean payload = event.commitments().payloadSalt() == null;
            boolean metadata = event.commitments().metadataSalt() == null;
            return payload || metadata ? List.of(new Erased(event.position(), payload, metadata)) : List.of();
        }

        String texts() {
            return payload && metadata ? "payload and metadata" : payload ? "payload" : "metadata";
        }
    }

    /** A verdict that one fault decides. */
    static Verdict broken(String subject, Aspect aspect, String fault, List<Finding> others) {
        List<Finding> findings = Arrays.stream(Aspect.values())
                .map(each -> each == aspect
                        ? new Finding(each, Status.BROKEN, fault)
                        : others.stream()
                                .filter(other -> other.aspect() == each)
                                .findFirst()
                                .orElse(new Finding(
                                        each, Status.NOT_SHOWN, "nothing, since the verification ended there")))
                .toList();
        return new Verdict(Answer.NOT_GOOD, subject, findings, List.of());
    }

    /** Lines for people. */
    public String text() {
        StringBuilder text = new StringBuilder(subject).append('\n');
        findings.forEach(finding -> text.append("%-13s ".formatted(finding.aspect()))
                .append(finding.status().name().replace('_', ' '))
                .append(": ")
                .append(finding.restsOn())
                .append('\n'));
        erased.forEach(event -> text.append("ERASED        position ")
                .append(event.position())
                .append(": ")
                .append(event.texts())
                .append("; what stands there is unproven\n"));
        return text.append(answer.label()).append('\n').toString();
    }

    /** One JSON document for programs, on one line. */
    public String json() {
        ObjectNode json = AuditJson.MAPPER.createObjectNode();
        json.put("answer", answer.name()).put("subject", subject);
        for (Finding finding : findings) {
            json.putObject(finding.aspect().name().toLowerCase(Locale.ROOT))
                    .put("status", finding.status().name())
                    .put("restsOn", finding.restsOn());
        }
        ArrayNode texts = json.putArray("erased");
        erased.forEach(event -> texts.addObject()
                .put("position", event.position())
                .put("payload", event.payload())
                .put("metadata", event.metadata()));
        return json.toString();
    }
}
