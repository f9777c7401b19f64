package issueledger.events;

import java.util.List;

/** A value that breaks the rules of its kind: every offence, not only the first. */
public final class InvalidValue extends IllegalArgumentException {
    private final List<Offence> offences;

    public InvalidValue(List<Offence> offences) {
        super(offences.toString());
        this.offences = List.copyOf(offences);
    }

    public List<Offence> offences() {
        return offences;
    }

    /**
     * One offence.
     *
     * @param pointer RFC 6901 pointer to the bad or missing field, from the value that was checked; empty for the value as a whole
     * @param detail the rule that is broken, in prose
     */
    public record Offence(String pointer, String detail) {
        public Offence under(String parent) {
            return new Offence(parent + pointer, detail);
        }
    }
}
