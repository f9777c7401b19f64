package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window, that looks at the page of a ledger. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Screenshots, to be looked at. */
    private static final Path SHOTS = Path.of("target", "screenshots");

    /** It warns of each version of Chromium that is newer than Selenium; what is used here has no version. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the test, and prints why, where no Chromium is installed. */
    static Browser open() {
        Optional<Path> chromium = onThePath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = onThePath("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String why = "The page is not tested: chromium and chromedriver are not installed"
                    + " (Debian: apt-get install chromium chromium-driver)";
            System.out.println(why);
            Assumptions.abort(why);
        }
        SELENIUM.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        // In a container Chromium runs as root, with little shared memory.
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--lang=en-GB",
                "--window-size=1280,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> onThePath(String... names) {
        List<String> folders = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.of(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Goes to an address and waits until the view has been read. */
    Browser to(String url) {
        driver.get("about:blank");
        driver.get(url);
        return settled();
    }

    /** Waits until nothing is being read. */
    Browser settled() {
        await(
                "the view is there",
                "const main = document.querySelector('main'); return document.readyState === 'complete' && main"
                        + " && main.children.length > 0 && !main.querySelector('.loading, [aria-busy=true]')");
        return this;
    }

    /** Runs JavaScript in the page. */
    Object run(String script, Object... arguments) {
        Object answer = driver.executeScript(script, arguments);
        return answer == null ? "" : answer;
    }

    String text(String selector) {
        return find(selector).getText();
    }

    List<String> texts(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .toList();
    }

    boolean has(String selector) {
        return !driver.findElements(By.cssSelector(selector)).isEmpty();
    }

    /** Waits for it. */
    WebElement find(String selector) {
        Conditions.await("there is " + selector, PATIENCE, () -> has(selector));
        return driver.findElement(By.cssSelector(selector));
    }

    void click(String selector) {
        run("arguments[0].scrollIntoView({block: 'center'})", find(selector));
        find(selector).click();
    }

    /** Puts a text in place of what a field has. */
    void type(String selector, String text) {
        WebElement field = find(selector);
        run("arguments[0].scrollIntoView({block: 'center'})", field);
        field.clear();
        field.sendKeys(text);
    }

    /** Moves a slider, as a hand does. */
    void slide(String selector, long value) {
        run(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                find(selector),
                value);
    }

    /** Presses a key wherever the focus is. */
    void press(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** What has the focus. */
    WebElement focused() {
        return driver.switchTo().activeElement();
    }

    String address() {
        return String.valueOf(driver.getCurrentUrl());
    }

    void await(String what, String script) {
        Conditions.await(what, PATIENCE, () -> Boolean.TRUE.equals(driver.executeScript(script)));
    }

    void awaitText(String selector, String part) {
        Conditions.await(
                selector + " says " + part,
                PATIENCE,
                () -> Boolean.TRUE.equals(driver.executeScript(
                        "const each = document.querySelector(arguments[0]);"
                                + " return !!each && each.textContent.replace(/\\s+/g, ' ').includes(arguments[1])",
                        selector,
                        part)));
    }

    Browser width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        return this;
    }

    Browser dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        return this;
    }

    /** The whole view as a picture, at most 3,000 pixels of it. */
    Path shot(String name) {
        Map<?, ?> size = (Map<?, ?>)
                driver.executeCdpCommand("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
        int height = size == null ? 900 : Math.min(3_000, ((Number) size.get("height")).intValue());
        int width = ((Number) run("return document.documentElement.clientWidth")).intValue();
        return save(
                name + ".png",
                Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", 1)));
    }

    /** The window as a picture. */
    Path shotOfTheWindow(String name) {
        return save(name + ".png", Map.of("format", "png"));
    }

    /** The window as a small file. */
    Path pictureOfTheWindow(String name) {
        return save(name + ".webp", Map.of("format", "webp", "quality", 85));
    }

    private Path save(String name, Map<String, Object> how) {
        Object data = driver.executeCdpCommand("Page.captureScreenshot", how).get("data");
        try {
            Files.createDirectories(SHOTS);
            return Files.write(SHOTS.resolve(name), Base64.getDecoder().decode(String.valueOf(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Scripts that failed and requests that the policy refused, since the last call. Answers that are problems are none. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()
                    && !entry.getMessage().contains("Failed to load resource: the server responded")) {
                faults.add(entry.getMessage());
            }
        }
        return faults;
    }

    /** Violations that axe-core finds, as their rules with the places. */
    List<String> violations(String axe) {
        run(axe);
        Object found = driver.executeAsyncScript("""
            const done = arguments[arguments.length - 1];
            axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})
              .then(({violations}) => done(violations.map(({id, help, nodes}) =>
                id + ': ' + help + ' at ' + nodes.map(({target, failureSummary}) => target.join(' ') + ' (' + failureSummary + ')').slice(0, 3).join(', '))))
              .catch((e) => done([String(e)]))
            """);
        assertThat(found).isInstanceOf(List.class);
        return ((List<?>) found).stream().map(String::valueOf).toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
