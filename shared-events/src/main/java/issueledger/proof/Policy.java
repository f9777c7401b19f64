package issueledger.proof;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trust policy: which logs and witnesses are known, and which of the witnesses must have cosigned (C2SP tlog-policy).
 *
 * @param logs any of them may have signed
 * @param witnesses in the order of the file
 */
public record Policy(List<Log> logs, List<Witness> witnesses, Quorum quorum) {
    public Policy {
        logs = List.copyOf(logs);
        witnesses = List.copyOf(witnesses);
    }

    /** @param url null if the file gives none */
    public record Log(VerifierKey key, @Nullable String url) {}

    /**
     * @param name known in the policy's file alone
     * @param url null if the file gives none
     */
    public record Witness(
            String name, VerifierKey key, @Nullable String url) {}

    /**
     * Which witnesses must have cosigned: a number of the members, each a witness or a group.
     *
     * @param name the witness's, the group's, or {@code none}
     * @param threshold 0 for the quorum {@code none}
     * @param members empty for a single witness
     */
    public record Quorum(String name, int threshold, List<Quorum> members) {
        public Quorum {
            members = List.copyOf(members);
        }

        /** @param cosigned names of witnesses */
        boolean isMet(Set<String> cosigned) {
            return members.isEmpty()
                    ? threshold == 0 || cosigned.contains(name)
                    : members.stream().filter(member -> member.isMet(cosigned)).count() >= threshold;
        }
    }

    /**
     * What a policy says of a checkpoint.
     *
     * @param log the log that signed it; null if none of the policy's did
     * @param cosigned names of the witnesses that cosigned it
     * @param isMet true if a log signed it and the quorum is met
     */
    public record Verdict(@Nullable VerifierKey log, List<String> cosigned, boolean isMet) {
        public Verdict {
            cosigned = List.copyOf(cosigned);
        }
    }

    /** @throws InvalidSignature if a signature names a known key and is not its */
    public Verdict verify(SignedNote checkpoint) {
        String origin = Checkpoint.parse(checkpoint.text()).origin();
        List<VerifierKey> keys = logs.stream()
                .map(Log::key)
                .filter(key -> key.name().equals(origin))
                .toList();
        VerifierKey log =
                checkpoint.verify(keys).stream().map(Signed::key).findFirst().orElse(null);
        Set<VerifierKey> signers = checkpoint
                .verify(witnesses.stream().map(Witness::key).toList())
                .stream()
                .map(Signed::key)
                .collect(Collectors.toSet());
        List<String> cosigned = witnesses.stream()
                .filter(witness -> signers.contains(witness.key()))
                .map(Witness::name)
                .toList();
        return new Verdict(log, cosigned, log != null && quorum.isMet(Set.copyOf(cosigned)));
    }

    public static Policy parse(byte[] file) {
        return new Reader().read(Fields.utf8(file, "the policy"));
    }

    /** Reads a file line by line. */
    private static final class Reader {
        private static final String NONE = "none";

        private final List<Log> logs = new ArrayList<>();
        private final List<Witness> witnesses = new ArrayList<>();
        private final Map<String, Quorum> defined = new HashMap<>();
        private final Set<String> members = new HashSet<>();
        private final Set<String> keys = new HashSet<>();
        private @Nullable Quorum quorum;
        private int number;

        Policy read(String file) {
            if (file.chars().anyMatch(c -> c != '\t' && c != '\n' && (c < ' ' || c == 0x7F))) {
                throw new MalformedProof("the policy has control characters other than tabs and line feeds");
            }
            for (String line : file.split("\n", -1)) {
                number++;
                String items = line.replace('\t', ' ').replaceAll("^ +| +$", "");
                if (!items.isEmpty() && !items.startsWith("#")) {
                    take(items.split(" +"));
                }
            }
            if (quorum == null) {
                throw new MalformedProof("the policy has no quorum line");
            }
            return new Policy(logs, witnesses, quorum);
        }

        private void take(String[] items) {
            switch (items[0]) {
                case "log" -> {
                    need(items, 2, 3);
                    logs.add(new Log(key(items[1], "log"), items.length > 2 ? items[2] : null));
                }
                case "witness" -> {
                    need(items, 3, 4);
                    define(new Quorum(items[1], 1, List.of()));
                    VerifierKey key = key(items[2], "witness");
                    if (!key.type().hasTime()) {
                        throw wrong("a witness has a key of type 04 or 06");
                    }
                    witnesses.add(new Witness(items[1], key, items.length > 3 ? items[3] : null));
                }
                case "group" -> group(items);
                case "quorum" -> {
                    need(items, 2, 2);
                    if (quorum != null) {
                        throw wrong("a second quorum");
                    }
                    quorum = items[1].equals(NONE) ? new Quorum(NONE, 0, List.of()) : known(items[1]);
                }
                default -> throw wrong("a line begins with log, witness, group or quorum, not with " + items[0]);
            }
        }

        private void group(String[] items) {
            need(items, 4, Integer.MAX_VALUE);
            List<Quorum> of = new ArrayList<>();
            for (int i = 3; i < items.length; i++) {
                of.add(known(items[i]));
                if (!members.add(items[i])) {
                    throw wrong(items[i] + " is a member already");
                }
            }
            long threshold = switch (items[2]) {
                case "any" -> 1;
                case "all" -> of.size();
                default -> Fields.decimal(items[2], "line " + number + " of the policy: the threshold");
            };
            if (threshold < 1 || threshold > of.size()) {
                throw wrong("the threshold is not from 1 to the number of members");
            }
            define(new Quorum(items[1], (int) threshold, of));
        }

        private void need(String[] items, int from, int to) {
            if (items.length < from || items.length > to) {
                throw wrong(items[0] + " has too few items or too many");
            }
        }

        private void define(Quorum named) {
            if (named.name().equals(NONE) || defined.putIfAbsent(named.name(), named) != null) {
                throw wrong("the name " + named.name() + " is taken");
            }
        }

        private Quorum known(String name) {
            Quorum named = defined.get(name);
            if (named == null) {
                throw wrong(name + " is not defined on a line before");
            }
            return named;
        }

        private VerifierKey key(String text, String of) {
            try {
                VerifierKey key = VerifierKey.parse(text);
                if (!keys.add(of + key.base64())) {
                    throw wrong("a second " + of + " with the same public key");
                }
                return key;
            } catch (MalformedProof e) {
                throw e.getMessage() != null && e.getMessage().startsWith("line ") ? e : wrong(e.getMessage());
            }
        }

        private MalformedProof wrong(@Nullable String why) {
            return new MalformedProof("line " + number + " of the policy: " + why);
        }
    }
}
