package issueledger.events;

/** An unmet requirement that was waived, with the reason. */
public record Waiver(Requirement requirement, String reason) {
    public Waiver {
        Checks checks = new Checks();
        requirement = checks.required("/requirement", requirement);
        reason = checks.text("/reason", reason);
        checks.done();
    }
}
