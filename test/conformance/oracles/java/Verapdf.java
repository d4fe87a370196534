// veraPDF over many files in one JVM. Usage: Verapdf [-v] FLAVOUR[,FLAVOUR...] FILE...
// or: Verapdf [-v] -   with a line FLAVOUR[,FLAVOUR...]<tab>FILE on stdin for each file
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.logging.*;
import java.util.stream.Collectors;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.*;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.*;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.processor.reports.enums.JobEndStatus;

public class Verapdf {
    static final List<String> KNOWN =
        List.of("1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4e", "4f", "ua1", "ua2");
    static final int SHOWN = 3; // failing places printed per rule with -v

    public static void main(String[] args) throws Exception {
        List<String> rest = new ArrayList<>(List.of(args));
        boolean verbose = rest.remove("-v");
        Map<String, List<PDFAFlavour>> tasks = new LinkedHashMap<>();
        if (rest.equals(List.of("-"))) {
            for (String l : new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().collect(Collectors.toList())) {
                String[] parts = l.split("\t", 2);
                if (parts.length == 2) tasks.computeIfAbsent(parts[1], f -> new ArrayList<>()).addAll(flavours(parts[0]));
            }
        } else {
            if (rest.size() < 2) usage("too few arguments");
            List<PDFAFlavour> all = flavours(rest.remove(0));
            for (String file : rest) tasks.put(file, all);
        }
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        int failed = 0;
        for (Map.Entry<String, List<PDFAFlavour>> task : tasks.entrySet()) {
            for (PDFAFlavour flavour : task.getValue()) {
                failed += check(out, task.getKey(), flavour, verbose) ? 0 : 1;
            }
        }
        out.flush();
        System.exit(failed == 0 ? 0 : 1);
    }

    static List<PDFAFlavour> flavours(String ids) {
        List<PDFAFlavour> list = new ArrayList<>();
        for (String id : ids.split(",")) {
            if (!KNOWN.contains(id)) usage("unknown flavour " + id);
            list.add(PDFAFlavour.byFlavourId(id));
        }
        return list;
    }

    static boolean check(PrintStream out, String file, PDFAFlavour flavour, boolean verbose) {
        if (!new File(file).isFile()) return line(out, false, flavour, file, "error:no such file");
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
             PDFAValidator validator = Foundries.defaultInstance()
                 .createValidator(flavour, verbose ? SHOWN : 1, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            if (result.getJobEndStatus() != JobEndStatus.NORMAL) {
                return line(out, false, flavour, file, "error:stopped:" + result.getJobEndStatus());
            }
            Map<RuleId, Integer> rules = new TreeMap<>(Comparator
                .comparing(RuleId::getClause, Verapdf::byNumbers).thenComparing(RuleId::getTestNumber));
            rules.putAll(result.getFailedChecks());
            String clauses = rules.entrySet().stream()
                .map(e -> name(e.getKey()) + "(" + e.getValue() + ")").collect(Collectors.joining(" "));
            line(out, result.isCompliant(), flavour, file, clauses);
            if (verbose) explain(out, result);
            return result.isCompliant();
        } catch (Throwable e) {
            return line(out, false, flavour, file, "error:" + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    static void explain(PrintStream out, ValidationResult result) {
        Set<String> seen = new HashSet<>();
        for (TestAssertion a : result.getTestAssertions()) {
            if (a.getStatus() != TestAssertion.Status.FAILED) continue;
            String rule = name(a.getRuleId());
            if (seen.add(rule)) out.println("    " + rule + " " + flat(a.getMessage()));
            String what = flat(a.getErrorMessage());
            out.println("        at " + flat(a.getLocation().getContext()) + (what.isEmpty() ? "" : ": " + what));
        }
    }

    static boolean line(PrintStream out, boolean pass, PDFAFlavour flavour, String file, String more) {
        out.println((pass ? "PASS" : "FAIL") + "\t" + flavour.getId() + "\t" + file + "\t" + flat(more));
        return pass;
    }

    static String name(RuleId rule) {
        return rule.getClause() + "-" + rule.getTestNumber();
    }

    static int byNumbers(String a, String b) {
        String[] x = a.split("\\."), y = b.split("\\.");
        for (int i = 0; i < Math.min(x.length, y.length); i++) {
            boolean digits = x[i].matches("\\d+") && y[i].matches("\\d+");
            int c = digits ? Integer.compare(Integer.parseInt(x[i]), Integer.parseInt(y[i])) : x[i].compareTo(y[i]);
            if (c != 0) return c;
        }
        return Integer.compare(x.length, y.length);
    }

    static String flat(String s) {
        return s == null ? "" : s.replaceAll("\\s+", " ").trim();
    }

    static void usage(String why) {
        System.err.println("verapdf: " + why + "\nusage: verapdf [-v] FLAVOUR[,FLAVOUR...] FILE...\n       verapdf [-v] -   (lines FLAVOUR[,FLAVOUR...]<tab>FILE on stdin)\n"
            + "flavours: " + String.join(" ", KNOWN));
        System.exit(2);
    }
}
