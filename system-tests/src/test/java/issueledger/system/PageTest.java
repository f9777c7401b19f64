package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.system.Ledger.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import tools.jackson.databind.JsonNode;

/** The page in a real browser, on the example issues. */
@Tag("full")
class PageTest {
    private static final String REOPENED = "demo-orders-n-plus-one";

    /** Set it to take the README's pictures anew: {@code -Dscreenshots.record=true}. */
    private static final boolean RECORDING = Boolean.getBoolean("screenshots.record");

    private static final String AXE = "axe-core@4.11.0";
    private static final int MOST_BYTES = 150_000;

    @TempDir
    private static Path folder;

    private static Browser browser;
    private static Ledger ledger;
    private static String page;

    @BeforeAll
    static void open() {
        browser = Browser.open();
        ledger = Ledger.start(folder.resolve("data"), "--demo");
        page = "http://localhost:" + ledger.queryPort() + "/ui/";
    }

    @AfterAll
    static void close() {
        if (ledger != null) {
            ledger.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void nothingFailedInThePage() {
        assertThat(browser.width(1280).dark(false).faults()).isEmpty();
    }

    private static JsonNode issue(String id, long version) {
        return ledger.get("/issues/" + id + "?version=" + version).json();
    }

    private static long head() {
        return ledger.get("/audit/head").json().at("/position").longValue();
    }

    /** Of the log, which the views follow. */
    private static long version(String id) {
        return ledger.getFromCommandService("/issues/" + id + "/allowed-commands")
                .json()
                .at("/version")
                .longValue();
    }

    /** The version at which an issue got to a status for the first time. */
    private static long firstVersionWith(String id, String status) {
        for (long version = 1; ; version++) {
            if (issue(id, version).at("/status").asString().equals(status)) {
                return version;
            }
        }
    }

    @Test
    void a_newcomer_finds_the_reopened_issue_and_why_and_what_was_known_before_its_fix() {
        browser.to("http://localhost:" + ledger.queryPort() + "/");
        assertThat(browser.address()).startsWith(page);
        assertThat(browser.texts(".issues tbody tr")).hasSizeGreaterThanOrEqualTo(7);

        browser.click("a[href$='/issues/" + REOPENED + "']");
        browser.awaitText("h1", "GET /api/orders slows down with the length of the list");
        browser.awaitText(".path", "Reopened");
        assertThat(browser.text(".path")).contains("2,300 ms again since orders 5.4.0");
        assertThat(browser.find(".metricbars").getDomAttribute("aria-label"))
                .isEqualTo("latency: Before 2,800 ms, Target 400 ms, After 2,300 ms");
        assertThat(browser.find(".phasechart [role=img]").getDomAttribute("aria-label"))
                .contains("Phase 1: 1 days late.");

        long fixed = firstVersionWith(REOPENED, "FIXED");
        browser.slide("input[aria-label=Version]", fixed - 1);
        browser.awaitText(".scrubber output", "Version " + (fixed - 1) + " of");
        browser.awaitText(".issuehead .status", "Testing");
        browser.press(Keys.ARROW_RIGHT);
        browser.awaitText(".scrubber output", "Version " + fixed + " of");
        browser.awaitText("#status", "Testing Fixed");
        assertThat(browser.text(".why")).contains("release-bot").contains("Status");
        assertThat(browser.address()).endsWith("/issues/" + REOPENED + "?v=" + fixed);

        // The link shows the same.
        browser.to(browser.address());
        browser.awaitText(".scrubber output", "Version " + fixed + " of");
        browser.awaitText("#status ins", "Fixed");
    }

    @Test
    void two_versions_stand_side_by_side_as_the_api_has_them() {
        long fixed = firstVersionWith(REOPENED, "FIXED");
        long last = version(REOPENED);
        browser.to(page + "#/issues/" + REOPENED + "?v=" + last + "&with=" + fixed);
        browser.awaitText(".twocolumns", "Version " + fixed);
        assertThat(browser.texts(".twocolumns h2"))
                .satisfiesExactly(
                        left -> assertThat(left).startsWith("Version " + fixed + " "),
                        right -> assertThat(right).startsWith("Version " + last + " "));
        assertThat(browser.text("#a-cause"))
                .contains(issue(REOPENED, fixed).at("/rootCause/technicalCause").asString());
        assertThat(browser.text("#b-cause ins")).isNotBlank();
        assertThat(browser.text("#b-cause")).contains("discounts");
    }

    @Test
    void a_command_is_run_by_its_form_and_a_refusal_says_why_at_its_field() {
        for (String host : List.of("localhost", "127.0.0.1")) {
            browser.to("http://" + host + ":" + ledger.queryPort() + "/ui/#/issues/demo-login-cold-start");
            long before = version("demo-login-cold-start");
            browser.click("[data-command=record-note]");
            browser.click("dialog[open] [name=send]");
            browser.awaitText("dialog .error", "is required");
            assertThat(browser.focused().getDomAttribute("data-pointer")).isEqualTo("/kind");

            browser.find("[data-pointer='/kind']").sendKeys("Progress");
            browser.type("[data-pointer='/text']", "Seen from " + host + ".");
            browser.type("dialog [name=actor]", "nora");
            browser.click("dialog [name=dry-run]");
            browser.awaitText("dialog .notice", "It would be accepted. The issue would be at version " + (before + 1));
            assertThat(version("demo-login-cold-start")).isEqualTo(before);

            browser.click("dialog [name=send]");
            browser.awaitText("main", "Seen from " + host + ".");
            browser.await("the dialog closes", "return !document.querySelector('dialog[open]')");
            assertThat(version("demo-login-cold-start")).isEqualTo(before + 1);
            JsonNode notes = ledger.get("/issues/demo-login-cold-start").json().at("/notes");
            assertThat(notes.get(notes.size() - 1).at("/by").asString()).isEqualTo("nora");
        }

        browser.click("[data-command=unlink-file]");
        browser.type("[data-pointer='/path']", "src/no/such/file");
        browser.click("dialog [name=send]");
        browser.awaitText("dialog .refusal", "UNKNOWN_FILE");
        browser.press(Keys.ESCAPE);

        browser.click(".actions details summary");
        assertThat(browser.text(".actions .refused"))
                .contains("Mark fixed", "The issue is OPEN; mark-fixed is allowed in TESTING.", "WRONG_STATUS");
    }

    @Test
    void somebody_elses_change_meanwhile_is_told() {
        browser.to(page + "#/issues/demo-partner-portal-slow");
        browser.click("[data-command=record-note]");
        browser.find("[data-pointer='/kind']").sendKeys("Progress");
        browser.type("[data-pointer='/text']", "Decided on what I saw.");
        ledger.post("/issues/demo-partner-portal-slow/record-note", "{\"kind\":\"PROGRESS\",\"text\":\"First.\"}");
        long now = version("demo-partner-portal-slow");
        browser.click("dialog [name=send]");
        browser.awaitText("dialog .notice", "Somebody changed the issue meanwhile: it is at version " + now);
        assertThat(version("demo-partner-portal-slow")).isEqualTo(now);
        browser.click("dialog .notice button");
        browser.click("dialog [name=send]");
        browser.awaitText("main", "Decided on what I saw.");
        assertThat(version("demo-partner-portal-slow")).isEqualTo(now + 1);
    }

    @Test
    void the_slider_shows_the_whole_list_as_the_api_has_it_for_the_moment() {
        browser.to(page);
        for (long position : List.of(30L, 90L)) {
            browser.slide("#asof", position);
            browser.await("the address has the moment", "return location.hash.includes('asOf=')");
            browser.awaitText(".asof output", "event " + position + " of");
            browser.settled();
            String moment = ledger.get("/events?after=" + (position - 1) + "&limit=1")
                    .json()
                    .at("/items/0/recordedAt")
                    .asString();
            List<String> expected = new ArrayList<>();
            ledger.get("/issues?asOf=" + moment)
                    .json()
                    .at("/items")
                    .forEach(item -> expected.add(item.at("/id").asString() + " "
                            + item.at("/status").asString() + " "
                            + item.at("/version").asString()));
            Conditions.await(
                    "the list of " + moment,
                    Duration.ofSeconds(10),
                    () -> shownIssues().equals(expected));
            browser.run("location.hash = '#/ledger'");
            browser.settled();
        }
    }

    private static List<String> shownIssues() {
        Object rows = browser.run("""
            return [...document.querySelectorAll('.issues tbody tr')].map((row) =>
              row.querySelector('.id').textContent.trim() + ' '
              + row.querySelector('.status').textContent.trim().toUpperCase().replace(' ', '_') + ' '
              + row.querySelector('td.num').textContent.trim())
            """);
        return ((List<?>) rows).stream().map(String::valueOf).toList();
    }

    @Test
    void filters_search_and_order_are_in_the_address() {
        browser.to(page + "#/ledger?severity=HIGH&sort=openedAt");
        assertThat(shownIssues()).hasSize(3).first().asString().startsWith("demo-data-process");
        browser.type("input[name=q]", "orders");
        browser.await("the address has the search", "return location.hash.includes('q=orders')");
        Conditions.await(
                "the list is searched",
                Duration.ofSeconds(10),
                () -> shownIssues().size() == 2);
        browser.to(page + "#/ledger?q=nothinglikethat");
        assertThat(browser.text(".empty")).contains("No issue matches");
    }

    @Test
    void the_list_follows_the_ledger_by_itself() {
        browser.to(page);
        browser.awaitText(".live", "Live");
        ledger.post(
                "/issues",
                "{\"id\":\"seen-live\",\"title\":\"Seen without a reload\",\"description\":{\"text\":\"Slow.\"}}");
        browser.awaitText(".issues", "Seen without a reload");
    }

    @Test
    void the_charts_show_the_numbers_of_analytics() {
        browser.to(page + "#/analytics");
        for (String name : List.of("flow", "throughput", "cycle-times", "time-in-status", "aging", "phases")) {
            JsonNode answer = ledger.get("/analytics/" + name).json();
            Object rows = browser.run(
                    "return document.querySelectorAll('#chart-' + arguments[0] + ' .tablewrap tbody tr').length", name);
            assertThat(((Number) rows).intValue())
                    .as(name)
                    .isEqualTo(answer.at("/items").size());
        }
        JsonNode last = last(ledger.get("/analytics/flow").json());
        Object cells =
                browser.run("return [...document.querySelectorAll('#chart-flow .tablewrap tbody tr:last-child td')]"
                        + ".slice(1).map((cell) => Number(cell.textContent))");
        assertThat(cells)
                .isEqualTo(List.of("OPEN", "IN_PROGRESS", "TESTING", "FIXED", "CLOSED").stream()
                        .map(status -> last.at("/byStatus/" + status).longValue())
                        .toList());
        Object drawn = browser.run("const {data} = document.querySelector('#chart-flow time-chart').plot;"
                + " return data[1][data[1].length - 1]");
        assertThat(((Number) drawn).longValue())
                .as("the topmost band is the sum of all")
                .isEqualTo(((List<?>) cells)
                        .stream().mapToLong(each -> (Long) each).sum());
        assertThat(browser.text(".tiles"))
                .contains(ledger.get("/analytics/summary").json().at("/issues").asString());
    }

    private static JsonNode last(JsonNode page) {
        return page.at("/items").get(page.at("/items").size() - 1);
    }

    @Test
    void verification_shows_its_verdict_and_events_are_found_by_actor() {
        browser.to(page + "#/audit");
        browser.click(".card .primary");
        browser.awaitText(".notice.good", "The log is intact.");
        browser.to(page + "#/audit?actor=elif.demir");
        int found = ledger.get("/events?actor=elif.demir").json().at("/items").size();
        Object rows = browser.run("return [...document.querySelectorAll('main td a')]"
                + ".filter((link) => link.closest('tr').textContent.includes('elif.demir')).length");
        assertThat(((Number) rows).intValue()).isEqualTo(found).isPositive();
    }

    @Test
    void what_users_wrote_is_never_markup() {
        String evil = "<script>window.hacked=1</script><img src=x onerror=window.hacked=1>"
                + " [x](javascript:window.hacked=1) ![y](http://elsewhere.invalid/y.png) <b>bold</b>";
        String line = "<img src=x onerror=window.hacked=1>";
        String text = "\"" + evil + "\"";
        String texts = "[" + text + "]";
        String one = "\"" + line + "\"";
        String id = "evil";
        Map<String, String> commands = Map.ofEntries(
                Map.entry("revise-description", "{\"title\":" + one + "}"),
                Map.entry(
                        "record-root-cause",
                        "{\"technicalCause\":" + text + ",\"contributingFactors\":" + texts + ",\"triggerConditions\":"
                                + texts + "}"),
                Map.entry(
                        "assess-impact",
                        "{\"severity\":\"LOW\",\"affectedUsers\":{\"description\":" + one + "},\"businessImpact\":"
                                + text + ",\"workarounds\":" + texts + "}"),
                Map.entry(
                        "propose-solution",
                        "{\"approach\":" + text + ",\"codeChanges\":" + texts + ",\"schemaUpdates\":" + texts + "}"),
                Map.entry(
                        "plan-phases",
                        "{\"phases\":[{\"name\":" + one + ",\"description\":" + text + ",\"timeline\":" + one
                                + ",\"plannedEnd\":\"2026-01-01\"}]}"),
                Map.entry("define-testing-strategy", "{\"unitTests\":" + texts + "}"),
                Map.entry("record-note", "{\"kind\":\"DECISION\",\"text\":" + text + ",\"reason\":" + text + "}"),
                Map.entry(
                        "record-metric",
                        "{\"kind\":\"BASELINE\",\"name\":" + one
                                + ",\"statistic\":\"P95\",\"unit\":\"<b>\",\"value\":1,"
                                + "\"better\":\"LOWER\",\"environment\":" + one + ",\"source\":" + one
                                + ",\"run\":{\"commit\":" + one + ",\"url\":\"https://a.invalid/%3Cscript%3E\"}}"),
                Map.entry("link-file", "{\"path\":" + one + ",\"purpose\":" + one + "}"),
                Map.entry("add-reference", "{\"title\":" + one + ",\"url\":\"https://a.invalid/?%3Cscript%3E\"}"),
                Map.entry("assign-issue", "{\"assignee\":" + one + "}"),
                Map.entry("change-labels", "{\"add\":[" + one + "]}"));
        Answer opened = ledger.post(
                "/issues",
                "{\"id\":\"" + id + "\",\"title\":\"Slow\",\"description\":{\"text\":" + text + ",\"symptoms\":" + texts
                        + ",\"affectedFeatures\":[" + one + "],\"userImpact\":" + text + ",\"endpoints\":[" + one
                        + "]}}",
                "X-Actor",
                line);
        assertThat(opened.status()).isEqualTo(201);
        commands.forEach(
                (command, body) -> assertThat(ledger.post("/issues/" + id + "/" + command, body, "X-Actor", line)
                                .status())
                        .as(command)
                        .isEqualTo(200));
        long last = version(id);
        assertThat(last).isEqualTo(13);
        assertThat(ledger.get("/issues/" + id + "?version=" + last, "Ledger-Min-Position", Long.toString(head()))
                        .status())
                .isEqualTo(200);
        List<String> views = new ArrayList<>(List.of(
                "#/ledger", "#/issues/" + id, "#/issues/" + id + "?v=" + last + "&with=1", "#/audit", "#/analytics"));
        for (long version = 1; version <= last; version += 3) {
            views.add("#/issues/" + id + "?v=" + version);
        }
        for (String view : views) {
            browser.to(page + view);
            assertThat(browser.text("main")).as(view).contains("onerror=window.hacked=1");
            assertThat(browser.run("return window.hacked === undefined"))
                    .as(view)
                    .isEqualTo(true);
            assertThat(browser.has("main script, main [onerror], main b b, main .md img, main a[href^='javascript']"))
                    .as(view)
                    .isFalse();
        }
    }

    @Test
    void all_of_it_works_by_keyboard() {
        browser.to(page);
        browser.press(Keys.TAB);
        assertThat(browser.focused().getText()).isEqualTo("To the content");
        tabTo("POST /api/data/process takes more than 5 seconds");
        browser.press(Keys.ENTER);
        browser.awaitText("h1", "POST /api/data/process takes more than 5 seconds");
        long last = version("demo-data-process");
        browser.press(Keys.ARROW_LEFT);
        browser.awaitText(".scrubber output", "Version " + (last - 1) + " of");
        browser.press(Keys.ARROW_LEFT);
        browser.awaitText(".scrubber output", "Version " + (last - 2) + " of");
        tabTo("Record note");
        browser.press(Keys.ENTER);
        browser.await("the dialog is open", "return !!document.querySelector('dialog[open] .form')");
        browser.press(Keys.ESCAPE);
        browser.await("the dialog is closed", "return !document.querySelector('dialog[open]')");
        assertThat(browser.focused().getText()).isEqualTo("Record note");
    }

    private static void tabTo(String text) {
        for (int i = 0; i < 90; i++) {
            if (browser.focused().getText().equals(text)) {
                return;
            }
            browser.press(Keys.TAB);
        }
        throw new AssertionError("no tab leads to " + text);
    }

    @Test
    void the_first_view_is_small_and_the_scrubber_needs_no_answer_for_a_step() {
        browser.to(page);
        Object bytes = browser.run("""
            return performance.getEntries().filter((each) => 'encodedBodySize' in each && each.name.includes('/ui/'))
              .reduce((sum, each) => sum + each.encodedBodySize, 0)
            """);
        assertThat(((Number) bytes).longValue()).isBetween(20_000L, 200_000L);

        browser.to(page + "#/issues/demo-data-process?v=30");
        browser.await(
                "the versions around are there",
                "const {kept} = document.querySelector('issue-view'); return kept.has(29) && kept.has(28) &&"
                        + " kept.has(27)");
        Object asked = browser.run("""
            performance.clearResourceTimings();
            const view = document.querySelector('issue-view');
            document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}));
            return view.updateComplete.then(() =>
              [view.shown.issue.version, performance.getEntriesByType('resource').length].join())
            """);
        assertThat(asked)
                .as("the version that is shown at once, and what was asked for it")
                .isEqualTo("29,0");
    }

    @Test
    void an_event_is_proven_in_the_browser_under_a_checkpoint_that_it_keeps() {
        Conditions.await(
                "the ledger has signed a checkpoint",
                Duration.ofSeconds(20),
                () -> ledger.get("/tlog/checkpoint").status() == 200);
        browser.to(page + "#/issues/demo-data-process?v=20");
        browser.await("events can be proven", "return !document.querySelector('issue-proof button').disabled");
        browser.click("issue-proof button");
        browser.awaitText("issue-proof", "✓ Version 20 is in the log of");
        browser.to(page + "#/witness");
        browser.find(".witnesspage .notice.good");
        assertThat(browser.text(".witnesspage pre")).contains("\n— ");
        browser.to(page + "#/audit");
        browser.awaitText(".card", "This browser holds the ledger to it");
    }

    private static final Map<String, String> VIEWS = Map.of(
            "ledger", "#/ledger",
            "issue", "#/issues/" + REOPENED,
            "version", "#/issues/" + REOPENED + "?v=26",
            "compare", "#/issues/" + REOPENED + "?v=30&with=19",
            "analytics", "#/analytics",
            "audit", "#/audit",
            "new", "#/new",
            "document", "#/new?by=document",
            "access", "#/access",
            "witness", "#/witness");

    @Test
    void axe_finds_no_violation_in_light_and_dark_and_nothing_is_wider_than_a_phone() throws IOException {
        String axe = Files.readString(Programs.fromNpm("axe", AXE).resolve("axe-core/axe.min.js"));
        for (Map.Entry<String, String> view : VIEWS.entrySet()) {
            browser.width(1280).dark(false).to(page + view.getValue());
            browser.shot(view.getKey() + "-light");
            assertThat(browser.violations(axe)).as("%s, light", view.getKey()).isEmpty();
            browser.dark(true);
            browser.shot(view.getKey() + "-dark");
            assertThat(browser.violations(axe)).as("%s, dark", view.getKey()).isEmpty();
            browser.dark(false).width(400);
            browser.shot(view.getKey() + "-400");
            assertThat(browser.run("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .as("%s at 400 pixels", view.getKey())
                    .isEqualTo(true);
        }
        browser.width(1280).to(page + VIEWS.get("issue"));
        browser.click("[data-command=record-metric]");
        browser.await("the form is there", "return !!document.querySelector('dialog[open] .form')");
        browser.shotOfTheWindow("form-light");
        assertThat(browser.violations(axe)).as("a form").isEmpty();
        browser.press(Keys.ESCAPE);
    }

    @Test
    void the_pictures_of_the_readme_are_of_this_page() throws IOException {
        for (String name : List.of("ledger", "version", "analytics")) {
            browser.to(page + VIEWS.get(name));
            if (name.equals("version")) {
                browser.click(".jumps button"); // What the step changed is marked there.
            }
            Path shot = browser.pictureOfTheWindow("readme-" + name);
            assertThat(Files.size(shot)).as(name).isLessThan(MOST_BYTES);
            Path kept = Ledger.home().resolve("docs/images/" + name + ".webp");
            if (RECORDING) {
                Files.createDirectories(kept.getParent());
                Files.write(kept, Files.readAllBytes(shot));
            }
            assertThat(kept).exists();
            assertThat(Files.readString(Ledger.home().resolve("README.md"))).contains("docs/images/" + name + ".webp");
        }
    }
}
