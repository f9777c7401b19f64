package issueledger.events;

/** A requirement that is not met and was waived, and why. */
public record Waiver(Requirement requirement, String reason) {
    public Waiver {
        Checks checks = new Checks();
        requirement = checks.required("/requirement", requirement);
        reason = checks.text("/reason", reason);
        checks.done();
    }
}
