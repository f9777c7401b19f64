package issueledger.auditing;

import issueledger.auditing.Finding.Aspect;
import issueledger.auditing.Finding.Status;
import issueledger.proof.Checkpoint;
import issueledger.proof.Signed;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A checkpoint, and what its signatures show.
 *
 * @param cosigned verified cosignatures of witnesses
 */
record Origin(Checkpoint checkpoint, Answer answer, Finding finding, List<Signed> cosigned) {
    Origin {
        cosigned = List.copyOf(cosigned);
    }

    static Finding finding(Status status, String restsOn) {
        return new Finding(Aspect.ORIGIN, status, restsOn);
    }

    boolean isSigned() {
        return answer == Answer.GOOD;
    }

    /** The times of events are the service's word; a cosignature says when it was there at the latest. */
    Finding time(String recorded) {
        return cosigned.isEmpty()
                ? new Finding(Aspect.TIME, Status.CLAIMED, recorded + " by the service's clock")
                : new Finding(Aspect.TIME, Status.PROVEN, seen() + "; " + recorded + " by the service's clock");
    }

    String seen() {
        return "it was there when it was cosigned: "
                + cosigned.stream()
                        .map(signed -> signed.key().name() + " at " + signed.at())
                        .sorted()
                        .collect(Collectors.joining(", "));
    }
}
